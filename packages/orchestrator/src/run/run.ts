import {
  groupShards,
  readRun,
  runKeys,
  shardCount,
  sumLedger,
  sweepClosed,
  type RunFile,
  type Spec,
  type Storage,
  zstdTextCodec,
} from '@winnow/core';
import type { OperationsEdge } from '../operations/edge.ts';
import type { Hooks, RunResult } from '../operations/operations.ts';
import { decide } from './decide.ts';
import { DriftWatch } from './drift-watch.ts';
import { memoryNeeds } from './memory-needs.ts';
import { MemoryNotice } from './memory-notice.ts';
import { closeWithReport } from './close.ts';
import { openPlace } from './place.ts';
import { unitsPerShard } from './shard-size.ts';
import type { SubmissionPlace } from './submit.ts';
import { workOff } from './work-off.ts';

/**
 * Plans or joins a run and works it off: the same command again goes on where the last one stopped, does what is
 * new, or finds nothing to do.
 */
export async function runSpec(spec: Spec, edge: OperationsEdge, hooks: Hooks): Promise<RunResult> {
  const startedAt = edge.now();
  hooks.onEvent({ kind: 'planning' });
  const { output, source } = await openPlace(spec, { cwd: hooks.cwd, openStorage: edge.openStorage });
  const decided = await decide(spec, { output, source, cwd: hooks.cwd, now: edge.now }, hooks.signal);
  if (decided.kind === 'nothing') {
    // What a killed twin left after the close is swept by the next same command: this one.
    await sweepClosed(output, await readRun(output, decided.runId), zstdTextCodec);
    return { kind: 'nothing-to-do', runId: decided.runId, changed: decided.changed };
  }
  const { run } = decided;
  const place: SubmissionPlace = {
    run,
    output,
    grouping: groupShards(
      run.plan.classes,
      spec.shardUnits ?? unitsPerShard(run.plan.classes, run.plan.decoded, edge.processes(spec, spec.memory)),
    ),
    settings: { concurrency: spec.concurrency, memoryMiB: spec.memory, maxQuarantined: spec.maxQuarantined },
    backend: edge.backend(spec),
    now: edge.now,
    tell: withWarnings(hooks.onEvent),
    log: hooks.log,
    history: new Map(),
  };
  const isDone = await tellPlanned(output, run, place, hooks);
  for (const message of memoryNeeds(run.plan.classes, run.frozen.columns, spec.memory)) {
    hooks.onEvent({ kind: 'warning', message });
  }
  const work = await workOff(place, isDone, hooks.signal);
  hooks.signal.throwIfAborted();
  const report = await closeWithReport(output, run, { work, place, startedAt, now: edge.now });
  hooks.onEvent({ kind: 'done', report });
  return { kind: 'ran', report };
}

/** Adds what the events together warn of. */
function withWarnings(tell: Hooks['onEvent']): Hooks['onEvent'] {
  const watches = [new DriftWatch(), new MemoryNotice()];
  return (event) => {
    tell(event);
    for (const watch of watches) {
      const message = watch.see(event);
      if (message !== undefined) tell({ kind: 'warning', message });
    }
  };
}

/** Tells what there is to do and what was done before; gives a test for committed units. */
async function tellPlanned(
  output: Storage,
  run: RunFile,
  place: SubmissionPlace,
  hooks: Hooks,
): Promise<(unit: number) => boolean> {
  const ledger = await sumLedger(output, run);
  const { units, inputs, bytes, decoded } = run.plan;
  hooks.onEvent({
    kind: 'planned',
    runId: run.runId,
    units,
    shards: shardCount(place.grouping),
    inputs,
    bytes,
    decoded,
    already: {
      units: ledger.sums.units.committed,
      records: ledger.sums.records.read,
      decoded: ledger.sums.bytes.decoded,
    },
  });
  hooks.log.info('run', { runId: run.runId, directory: `${output.uri}/${runKeys(run.runId).root}` });
  return ledger.isCommitted;
}
