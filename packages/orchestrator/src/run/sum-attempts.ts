import {
  attempt as attemptShape,
  orderedAhead,
  readJson,
  runKeys,
  type Attempt,
  type Report,
  type RunFile,
  type Storage,
} from '@winnow/core';

/** Attempt records read at once. */
const READ_AHEAD = 64;

/** What all attempts at a run's shards come to. */
export interface AttemptSums {
  readonly attempts: Report['attempts'];
  /** Of the largest process; absent where none told. */
  readonly memory?: NonNullable<Report['memory']>;
  /** How many attempts took so many seconds, and had so much memory at most. */
  readonly seconds: ReadonlyMap<number, number>;
  readonly peakMemoryMiB: ReadonlyMap<number, number>;
}

/**
 * Over all submissions of the run, those of earlier commands included.
 *
 * @param see is shown each record, those of a shard one behind the other
 */
export async function sumAttempts(
  output: Storage,
  run: RunFile,
  see: (record: Attempt) => void = () => undefined,
): Promise<AttemptSums> {
  const attempts = { total: 0, interrupted: 0, failed: 0 };
  const seconds = new Map<number, number>();
  const peakMemoryMiB = new Map<number, number>();
  let memory = { peakMiB: 0, limitMiB: 0 };
  const stored = output.list(runKeys(run.runId).attempts);
  const records = orderedAhead(stored, READ_AHEAD, ({ key }) => readJson(output, key, attemptShape));
  for await (const record of records) {
    attempts.total++;
    // A record that stays `running` is a process that was killed.
    if (record?.state === 'failed' || record?.state === 'running') attempts.failed++;
    if (record?.state === 'interrupted' || record?.state === 'cancelled') attempts.interrupted++;
    if (record === undefined) continue;
    see(record);
    count(seconds, Math.round(secondsOf(record)));
    count(peakMemoryMiB, record.peakMemoryMiB);
    // Written at a commit and at the end: of a killed process it is what it had by then.
    if (record.peakMemoryMiB > memory.peakMiB) {
      memory = { peakMiB: record.peakMemoryMiB, limitMiB: record.memoryMiB };
    }
  }
  return { attempts, seconds, peakMemoryMiB, ...(memory.peakMiB > 0 ? { memory } : {}) };
}

const secondsOf = ({ startedAt, updatedAt }: Attempt): number =>
  (Date.parse(updatedAt) - Date.parse(startedAt)) / 1000;

const count = (counts: Map<number, number>, value: number): void => {
  counts.set(value, (counts.get(value) ?? 0) + 1);
};
