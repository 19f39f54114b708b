import {
  columnsMemoryMiB,
  commitSubUnit,
  judgeQuarantine,
  mostDrifting,
  parseRecordsPath,
  readReceipt,
  readUnits,
  replacementsOf,
  runKeys,
  shardUnits,
  StorageError,
  unitProgress,
  windowThatFits,
  type Receipt,
  type Replacements,
  type Unit,
} from '@winnow/core';
import type { AttemptRecord } from './attempt-record.ts';
import type { BuiltUnit } from './built-receipt.ts';
import type { KernelSupply } from './kernel-supply.ts';
import type { MemoryWatch } from './memory-watch.ts';
import type { RunInHand } from './open-run.ts';
import { progressTeller, type ProgressTeller } from './progress-teller.ts';
import type { StopLook } from './stop-look.ts';
import { Stopped } from './stopped.ts';
import { buildSubUnits } from './sub-units.ts';
import type { UnitContext } from './unit-context.ts';
import { buildWholeUnit } from './whole-unit.ts';
import type { WorkerProcess } from './worker-process.ts';

export interface ShardWork {
  readonly shard: number;
  readonly record: AttemptRecord;
  readonly memory: MemoryWatch;
  readonly stops: StopLook;
  readonly kernels: KernelSupply;
  readonly worker: Pick<WorkerProcess, 'stop' | 'log' | 'now' | 'residentBytes'>;
  readonly progressMs: number;
}

/**
 * Does the units of a shard that are not committed yet, in order.
 *
 * @returns whether a unit quarantined more records than the run allows: it is committed all the same
 */
export async function runShard(inHand: RunInHand, work: ShardWork): Promise<boolean> {
  const { run, intent, output } = inHand;
  const { firstUnit, count } = shardUnits(intent.grouping, work.shard);
  const progress = progressTeller(work.shard, work.progressMs, work.worker);
  const { maxQuarantined } = intent.settings;
  let overLimit = false;
  for await (const unit of readUnits(output, run, firstUnit, count)) {
    const records = { read: 0, quarantined: 0 };
    for await (const receipt of commitUnit(
      contextOf(inHand, work, progress, unit.unit),
      work,
      progress,
      unit,
    )) {
      records.read += receipt.records.read;
      records.quarantined += receipt.records.quarantined;
    }
    // A share is judged over all committed units: by the orchestrator.
    if ('records' in maxQuarantined && judgeQuarantine(maxQuarantined, records, true) === 'beyond') {
      overLimit = true;
    }
  }
  return overLimit;
}

/** Yields the receipts of the unit in order: those that stand, and those that this attempt adds. */
async function* commitUnit(
  context: UnitContext,
  work: ShardWork,
  progress: ProgressTeller,
  unit: Unit,
): AsyncGenerator<Receipt> {
  const standing = await standingReceipts(context, unit.unit);
  yield* standing;
  if (standing.at(-1)?.last) return;
  await assertNotStopped(work);
  // What was quarantined is never cut: its records are few.
  if (!unit.subUnits || context.run.redrives) {
    yield await commit(context, work, progress, await buildWholeUnit(context, unit), replacementsOf(unit));
    return;
  }
  const built = buildSubUnits(
    context,
    unit,
    standing.map(({ decodedEnd }) => decodedEnd),
  );
  try {
    for (let next = await built.next(); !next.done;) {
      const receipt = await commit(context, work, progress, next.value);
      yield receipt;
      if (!receipt.last) await assertNotStopped(work);
      next = await built.next(receipt);
    }
  } finally {
    await built.return();
  }
}

/** The border between two sub-units: a signal or a `stop` object ends the work here. */
async function assertNotStopped({ worker, stops }: ShardWork): Promise<void> {
  if (worker.stop.requested) throw new Stopped('interrupted');
  await stops.check();
}

/** What is committed of a unit: its sub-units from 0 on without a gap. */
async function standingReceipts({ output, keys }: UnitContext, unit: number): Promise<Receipt[]> {
  const { subUnits } = await unitProgress(output, keys, unit);
  const receipts: Receipt[] = [];
  for (let sub = 0; sub < subUnits; sub++) {
    const receipt = await readReceipt(output, keys, unit, sub);
    if (receipt) receipts.push(receipt);
    else throw new StorageError('transient', 'read', keys.receipt(unit, sub), 'it was there and is gone');
  }
  return receipts;
}

/** Gives the receipt that stands: this attempt's, or that of another one that was first. */
async function commit(
  { output, keys }: UnitContext,
  { record, worker, shard }: ShardWork,
  progress: ProgressTeller,
  { built, receipt: ours }: BuiltUnit,
  replaces?: Replacements,
): Promise<Receipt> {
  const objects = built.objects.map(({ pending }) => pending);
  const { outcome, receipt } = await commitSubUnit(output, keys, {
    parts: objects.filter(({ key }) => key !== ours.quarantine?.key),
    quarantine: objects.find(({ key }) => key === ours.quarantine?.key),
    receipt: ours,
    replaces,
  });
  const { unit, sub, last, records, bytes } = receipt;
  const drift = mostDrifting(receipt);
  progress.committed(records.read, bytes.decoded);
  if (outcome === 'committed') await record.committed(records.read, bytes.decoded);
  const counts = { records: records.read, quarantined: records.quarantined, decoded: bytes.decoded };
  worker.log({ event: 'committed', shard, unit, sub, last, ...counts, ...(drift ? { drift } : {}) });
  return receipt;
}

function contextOf(
  { run, output, source, sourceOf, mended, mendedInputs }: RunInHand,
  work: ShardWork,
  progress: ProgressTeller,
  unit: number,
): UnitContext {
  const { shard, worker, memory, kernels } = work;
  const { recordsPath, columns } = run.frozen;
  return {
    run,
    keys: runKeys(run.runId),
    source,
    output,
    sourceOf,
    mended,
    mendedInputs,
    kernels,
    recordsPath: recordsPath === undefined ? undefined : parseRecordsPath(recordsPath),
    maxWindowBytes: windowThatFits(memory.limitMiB, columnsMemoryMiB(columns)),
    checkpoint: (records, decoded) => {
      if (worker.stop.isDue) throw new Stopped('interrupted');
      const high = memory.check(decoded);
      if (high) worker.log({ event: 'memory-high', shard, unit, ...high });
      progress.open(records, decoded);
    },
    warn: (message) => worker.log({ event: 'log', level: 'warn', message }),
  };
}
