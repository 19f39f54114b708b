import { Kernel } from '@winnow/kernel';
import {
  commitSubUnit,
  highestStop,
  isStopped,
  readReceipt,
  readUnits,
  runKeys,
  shardUnits,
  unitProgress,
  windowThatFits,
  type Receipt,
  type Unit,
} from '@winnow/core';
import type { AttemptRecord } from './attempt-record.ts';
import { Stopped } from './ending.ts';
import type { MemoryWatch } from './memory-watch.ts';
import { progressTeller } from './progress-teller.ts';
import type { RunInHand, WorkerProcess } from './run-shards.ts';
import { buildSubUnits } from './sub-units.ts';
import type { UnitContext } from './unit-context.ts';
import { buildWholeUnit, type BuiltUnit } from './whole-unit.ts';

/** A kernel's memory never shrinks: past this size a new one is made for the next unit. */
const RENEW_KERNEL_OVER_BYTES = 192 * 2 ** 20;

export interface ShardWork {
  readonly shard: number;
  readonly submission: number;
  readonly record: AttemptRecord;
  readonly memory: MemoryWatch;
  readonly worker: WorkerProcess;
  readonly progressMs: number;
}

/**
 * Does the units of a shard that are not committed yet, in order.
 *
 * @returns whether a unit quarantined more records than the run allows: it is committed all the same
 */
export async function runShard(inHand: RunInHand, work: ShardWork): Promise<boolean> {
  const { run, intent, output } = inHand;
  const keys = runKeys(run.runId);
  const { firstUnit, count } = shardUnits(intent.grouping, work.shard);
  const context = contextOf(inHand, work);
  const limit = intent.settings.maxQuarantined;
  let overLimit = false;
  for await (const unit of readUnits(output, run, firstUnit, count)) {
    if (isStopped(work.submission, await highestStop(output, keys))) throw new Stopped('cancelled');
    for await (const receipt of commitUnit(context, work, unit)) {
      if ('records' in limit && receipt.records.quarantined > limit.records) overLimit = true;
    }
  }
  return overLimit;
}

/** Yields the receipts that stand, as they come. */
async function* commitUnit(context: UnitContext, work: ShardWork, unit: Unit): AsyncGenerator<Receipt> {
  const progress = await unitProgress(context.output, context.keys, unit.unit);
  if (progress.committed) return;
  if (!unit.subUnits) {
    yield await commit(context, work, await buildWholeUnit(context, unit));
    return;
  }
  const standing = await readEnds(context, unit.unit, progress.subUnits);
  const built = buildSubUnits(context, unit, standing);
  for (let next = await built.next(); !next.done;) {
    const receipt = await commit(context, work, next.value);
    yield receipt;
    next = await built.next(receipt);
  }
}

async function commit(
  context: UnitContext,
  work: ShardWork,
  { built, receipt }: BuiltUnit,
): Promise<Receipt> {
  const objects = built.objects.map(({ pending }) => pending);
  const parts = objects.filter(({ key }) => key !== receipt.quarantine?.key);
  const quarantine = objects.find(({ key }) => key === receipt.quarantine?.key);
  const { receipt: standing } = await commitSubUnit(context.output, context.keys, {
    parts,
    quarantine,
    receipt,
  });
  await tellCommitted(work, standing);
  return standing;
}

/** Where the committed sub-units of a unit end in its decoded bytes. */
async function readEnds({ output, keys }: UnitContext, unit: number, subUnits: number): Promise<number[]> {
  const ends: number[] = [];
  for (let sub = 0; sub < subUnits; sub++) {
    const receipt = await readReceipt(output, keys, unit, sub);
    ends.push(receipt?.decodedEnd ?? 0);
  }
  return ends;
}

async function tellCommitted({ record, worker, shard }: ShardWork, receipt: Receipt): Promise<void> {
  const { unit, sub, last, records, bytes } = receipt;
  await record.committed(records.read, bytes.decoded);
  const counts = { records: records.read, quarantined: records.quarantined, decoded: bytes.decoded };
  worker.log({ event: 'committed', shard, unit, sub, last, ...counts });
}

function contextOf({ run, output, source }: RunInHand, work: ShardWork): UnitContext {
  const { worker, memory } = work;
  let kernel = new Kernel();
  const tell = progressTeller(work.shard, work.progressMs, worker);
  return {
    run,
    keys: runKeys(run.runId),
    source,
    output,
    kernel: () => {
      if (kernel.bytes.length > RENEW_KERNEL_OVER_BYTES) kernel = new Kernel();
      return kernel;
    },
    maxWindowBytes: windowThatFits(memory.limitMiB),
    checkpoint: (records, decoded) => {
      worker.stop.check();
      memory.check(decoded);
      tell(records, decoded);
    },
  };
}
