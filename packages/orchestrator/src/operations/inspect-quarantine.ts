import {
  absoluteRoot,
  highestGeneration,
  MirrorQuarantine,
  quarantinedRecords,
  readRun,
  runKeys,
  runsInQuarantine,
  zstdTextCodec,
  isNotFound,
  type RunFile,
  type Storage,
} from '@winnow/core';
import type { Opening } from '../run/place.ts';
import type { Hooks, QuarantineRequest, QuarantineSummary } from './operations.ts';
import { openStoredRun } from './stored-run.ts';

/**
 * Gives the records that are in quarantine: of the run that is named, else all that still wait: those of the runs since
 * the last redrive, which took over what was there before.
 */
export async function inspectQuarantine(
  { run: reference, reason, input, onRecord, onNotice }: QuarantineRequest,
  opening: Opening,
  { signal }: Pick<Hooks, 'signal'>,
): Promise<QuarantineSummary> {
  const output = await opening.openStorage(absoluteRoot(reference.output, opening.cwd));
  const waiting =
    reference.runId === undefined ? await waitingIn(output, reference.output, opening) : undefined;
  const runs = waiting?.runs ?? [(await openStoredRun(reference, opening)).run];
  let records = 0;
  const damaged: string[] = [];
  for (const run of runs) {
    for await (const found of quarantinedRecords(output, run, zstdTextCodec, {
      onDamage: (key, { message }) => {
        damaged.push(key);
        onNotice(message.includes(key) ? message : `${key}: ${message}`);
      },
      onUnfinished: (units) =>
        onNotice(
          `run ${run.runId} is not finished: ${units} of its ${run.plan.units} units are still to come`,
        ),
    })) {
      signal.throwIfAborted();
      if (reason !== undefined && found.record.reason !== reason) continue;
      if (input !== undefined && found.record.input !== input) continue;
      if (waiting?.quarantine?.waits(found.runId, found.record.input) === false) continue;
      records++;
      await onRecord(found);
    }
  }
  return { runs: runs.map(({ runId }) => runId), records, damaged };
}

interface Waiting {
  readonly runs: readonly RunFile[];
  /** In the layout `mirror`: which of their records. Undefined as long as its latest run is not finished. */
  readonly quarantine?: MirrorQuarantine;
}

async function waitingIn(output: Storage, name: string, opening: Opening): Promise<Waiting> {
  // Says what is wrong where there is no run at all.
  const { run: latest } = await openStoredRun({ output: name }, opening);
  const highest = (await highestGeneration(output)) ?? 0;
  const isClosed = (await output.stat(runKeys(latest.runId).inputs)) !== undefined;
  if (latest.frozen.layout === 'mirror' && isClosed) {
    const quarantine = await MirrorQuarantine.before(output, highest + 1, zstdTextCodec);
    return { runs: await Promise.all(quarantine.runs.map((runId) => readRun(output, runId))), quarantine };
  }
  const runs: RunFile[] = [];
  for (const runId of await runsInQuarantine(output, highest + 1)) {
    try {
      runs.push(await readRun(output, runId));
    } catch (error) {
      // Given up before it had a plan.
      if (!isNotFound(error)) throw error;
    }
  }
  return { runs };
}
