import { Kernel } from '@winnow/kernel';
import {
  commitSubUnit,
  highestStop,
  readUnits,
  runKeys,
  shardUnits,
  unitState,
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
  const { firstUnit, units } = shardUnits(intent.grouping, work.shard);
  const context = contextOf(inHand, work);
  const limit = intent.settings.maxQuarantined;
  let overLimit = false;
  for await (const unit of readUnits(output, run, firstUnit, units)) {
    if ((await highestStop(output, keys)) >= work.submission) throw new Stopped('cancelled');
    for await (const { receipt } of commitUnit(context, work, unit)) {
      if ('records' in limit && receipt.records.quarantined > limit.records) overLimit = true;
    }
  }
  return overLimit;
}

/** Yields what was committed. */
async function* commitUnit(context: UnitContext, work: ShardWork, unit: Unit): AsyncGenerator<BuiltUnit> {
  const state = await unitState(context.output, context.keys, unit.unit);
  if (state.complete) return;
  const built = unit.subUnits ? buildSubUnits(context, unit, state.ends) : once(buildWholeUnit(context, unit));
  for await (const next of built) {
    work.worker.stop.check();
    await commitSubUnit(context.output, context.keys, {
      objects: next.built.objects.map((object) => ({ pending: object.pending, bytes: object.bytes })),
      receipt: next.receipt,
    });
    await tellCommitted(work, next.receipt);
    yield next;
  }
}

async function tellCommitted({ record, worker, shard }: ShardWork, receipt: Receipt): Promise<void> {
  const { unit, sub, last, records, bytes } = receipt;
  await record.committed(records.read, bytes.decoded);
  const counts = { records: records.read, quarantined: records.quarantined, decoded: bytes.decoded };
  worker.log({ event: 'committed', shard, unit, sub, last, ...counts });
}

async function* once(built: Promise<BuiltUnit>): AsyncGenerator<BuiltUnit> {
  yield await built;
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
      memory.check();
      tell(records, decoded);
    },
  };
}
