import type { WorkerLog } from './worker-log.ts';

/** Notes of a shard that are printed; the attempt's own log has all. */
const NOTES_A_SHARD = 20;

/**
 * Lets few lines through: where nobody reads progress from the output, it goes to a service that bills each byte. How a
 * shard began and ended, and the first of what is worth a note.
 */
export function fewLines(log: WorkerLog): WorkerLog {
  let notes = 0;
  return (event) => {
    switch (event.event) {
      case 'shard-started':
        notes = 0;
        log(event);
        break;
      case 'shard-ended':
      case 'memory-high':
        log(event);
        break;
      case 'log':
        notes++;
        if (notes <= NOTES_A_SHARD) log(event);
        if (notes === NOTES_A_SHARD)
          log({
            event: 'log',
            level: 'info',
            message: 'more notes of this shard are in its log: winnow logs',
          });
        break;
      case 'progress':
      case 'committed':
        break;
    }
  };
}
