import { beginWriting, runKeys, WORKER_EXIT } from '@winnow/core';
import { AttemptRecord } from './attempt-record.ts';
import { endingOf, type Ending } from './ending.ts';
import type { WorkerEnvironment } from './environment.ts';
import { KernelSupply } from './kernel-supply.ts';
import { MemoryWatch } from './memory-watch.ts';
import { namedShards } from './named-shards.ts';
import { outOfMemoryOf } from './out-of-memory.ts';
import { openRun, type RunInHand } from './open-run.ts';
import { runShard, type ShardWork } from './shard.ts';
import { StopLook } from './stop-look.ts';
import { checkStartUp } from './start-up.ts';
import type { WorkerProcess } from './worker-process.ts';

/**
 * Does the shards one after the other.
 *
 * A shard whose data is refused beyond the limit does not keep the next ones from being done; any other ending but
 * success ends the process, for the next shard would most likely end the same way.
 *
 * @returns the exit code: of the last shard that did not succeed, else 0
 */
export async function runShards(environment: WorkerEnvironment, worker: WorkerProcess): Promise<number> {
  const inHand = await openRun(environment, worker.openStorage);
  const shards = await namedShards(environment, inHand.output, inHand.intent);
  const kernels = new KernelSupply();
  const memory = new MemoryWatch(worker.memoryMiB, worker);
  const { output, run } = inHand;
  const stops = new StopLook(output, runKeys(run.runId), environment.submission, worker.now);
  await checkStartUp(kernels.kernel);
  await beginWriting(output, run);
  let exitCode: number = WORKER_EXIT.committed;
  for (const shard of shards) {
    if (worker.stop.requested) return WORKER_EXIT.again;
    worker.log({ event: 'shard-started', shard });
    const ending = await attemptShard(environment, worker, inHand, { kernels, memory, stops }, shard);
    worker.log({ event: 'shard-ended', shard, exitCode: ending.exitCode, message: ending.message ?? '' });
    if (ending.exitCode === WORKER_EXIT.committed) continue;
    exitCode = ending.exitCode;
    if (exitCode !== WORKER_EXIT.refused) break;
  }
  return exitCode;
}

async function attemptShard(
  environment: WorkerEnvironment,
  worker: WorkerProcess,
  inHand: RunInHand,
  ofProcess: Pick<ShardWork, 'kernels' | 'memory' | 'stops'>,
  shard: number,
): Promise<Ending> {
  const { submission, jobId, progressMs } = environment;
  const { attempt, host, pid, memoryMiB } = worker;
  const record = new AttemptRecord(
    inHand.output,
    inHand.run.runId,
    { shard, submission, attempt, host, pid, logStream: jobId, memoryMiB },
    worker.usage,
  );
  let ending: Ending;
  try {
    await record.start();
    const work = { ...ofProcess, shard, record, worker, progressMs };
    ending = committedEnding(await runShard(inHand, work));
  } catch (error) {
    ending = endingOf(outOfMemoryOf(error, memoryMiB) ?? error);
    if (ending.cause === 'bug' && error instanceof Error) console.error(error.stack);
  }
  await record.end(ending);
  return ending;
}

function committedEnding(overLimit: boolean): Ending {
  if (!overLimit) return { state: 'committed', exitCode: WORKER_EXIT.committed };
  const message = 'committed, with more quarantined records in a unit than the run allows';
  return { state: 'committed', cause: 'refused', message, exitCode: WORKER_EXIT.refused };
}
