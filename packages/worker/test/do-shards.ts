import { runKeys, shardCount, type MendedRecord, type Storage, type WorkerEvent } from '@winnow/core';
import { AttemptRecord } from '../src/attempt-record.ts';
import { KernelSupply } from '../src/kernel-supply.ts';
import { MemoryWatch } from '../src/memory-watch.ts';
import { runShard } from '../src/shard.ts';
import { StopLook } from '../src/stop-look.ts';
import { StopSignal } from '../src/stop-signal.ts';
import type { PreparedRun } from './prepared-run.ts';

export interface AttemptOptions {
  readonly attempt?: string;
  readonly source?: Storage;
  readonly output?: Storage;
  /** Of a redrive: where earlier runs have their inputs; default: there is none. */
  readonly sourceOf?: (runId: string) => Promise<Storage>;
  readonly memoryMiB?: number;
  readonly mendedInputs?: ReadonlyMap<string, readonly MendedRecord[]>;
  readonly kernels?: KernelSupply;
  readonly stop?: StopSignal;
  readonly onEvent?: (event: WorkerEvent) => void;
}

/** Ten seconds go by from look to look. */
function hurriedClock(): () => number {
  let now = 0;
  return () => (now += 10_000);
}

/** One attempt at one shard, in this process. Gives whether more was quarantined than allowed. */
export function doShard(
  { run, intent, source, output }: PreparedRun,
  shard: number,
  options: AttemptOptions = {},
): Promise<boolean> {
  const inHand = {
    run,
    intent,
    source: options.source ?? source,
    output: options.output ?? output,
    sourceOf: options.sourceOf ?? ((runId: string) => Promise.reject(new Error(`no source of ${runId}`))),
    mended: undefined,
    mendedInputs: options.mendedInputs,
  };
  const memoryMiB = options.memoryMiB ?? 4096;
  const facts = { shard, submission: intent.n, attempt: options.attempt ?? 'a', host: 'h', pid: 1 };
  const record = new AttemptRecord(
    inHand.output,
    run.runId,
    { ...facts, jobId: undefined, logPlace: undefined, memoryMiB },
    () => ({ now: new Date(0), cpuSeconds: 0, peakMemoryMiB: 0, requests: { writes: 0, reads: 0 } }),
  );
  return runShard(inHand, {
    shard,
    record,
    stops: new StopLook(inHand.output, runKeys(run.runId), intent.n, hurriedClock()),
    memory: new MemoryWatch(memoryMiB, { residentBytes: () => 0, collectGarbage: () => undefined }),
    kernels: options.kernels ?? new KernelSupply(),
    worker: {
      stop: options.stop ?? new StopSignal(() => 0),
      log: options.onEvent ?? (() => undefined),
      now: () => 0,
      residentBytes: () => 0,
    },
    progressMs: 0,
  });
}

/** All shards, one after the other. */
export async function doShards(prepared: PreparedRun, options: AttemptOptions = {}): Promise<void> {
  const kernels = options.kernels ?? new KernelSupply();
  for (let shard = 0; shard < shardCount(prepared.intent.grouping); shard++) {
    await doShard(prepared, shard, { ...options, kernels });
  }
}
