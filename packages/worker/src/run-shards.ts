import { beginWriting, isStaged, runKeys, WORKER_EXIT } from '@winnow/core';
import { AttemptLog } from './attempt-log.ts';
import { AttemptRecord, NOTHING, type UsedBefore } from './attempt-record.ts';
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
import type { WorkerLog } from './worker-log.ts';
import type { WorkerProcess } from './worker-process.ts';

/**
 * Does the shards one after the other.
 *
 * A shard whose data is refused beyond the limit does not keep the next ones from being done; any other ending but
 * success ends the process, for the next shard would most likely end the same way.
 *
 * @returns the exit code: of the last shard that did not succeed, else 0; never 0 where the process was asked to end
 */
export async function runShards(environment: WorkerEnvironment, worker: WorkerProcess): Promise<number> {
  const inHand = await openRun(environment, worker.openStorage);
  const shards = await namedShards(environment, inHand.output, inHand.intent);
  const kernels = new KernelSupply();
  const memory = new MemoryWatch(worker.memoryMiB, worker);
  const { output, run } = inHand;
  const stops = new StopLook(output, runKeys(run.runId), environment.submission, worker.now);
  await checkStartUp(kernels.kernel);
  // What is staged is not to be seen until it is published.
  if (!isStaged(run)) await beginWriting(output, run);
  let exitCode: number = WORKER_EXIT.committed;
  let before = NOTHING;
  for (const shard of shards) {
    const ofProcess = { kernels, memory, stops, before };
    const ending = await attemptShard(environment, worker, inHand, ofProcess, shard);
    before = worker.usage();
    if (ending.exitCode === WORKER_EXIT.refused) exitCode = ending.exitCode;
    else if (ending.exitCode !== WORKER_EXIT.committed) return ending.exitCode;
    // Not before the first one: a signal that came while the process started is in its record so.
    if (worker.stop.requested) return WORKER_EXIT.again;
  }
  return exitCode;
}

async function attemptShard(
  environment: WorkerEnvironment,
  worker: WorkerProcess,
  inHand: RunInHand,
  { before, ...ofProcess }: Pick<ShardWork, 'kernels' | 'memory' | 'stops'> & { readonly before: UsedBefore },
  shard: number,
): Promise<Ending> {
  const { submission, jobId, progressMs } = environment;
  const { attempt, host, pid, memoryMiB, logPlace } = worker;
  const { output, run } = inHand;
  const record = new AttemptRecord(
    output,
    run.runId,
    { shard, submission, attempt, host, pid, jobId, logPlace, memoryMiB },
    worker.usage,
    before,
  );
  const kept = new AttemptLog(output, run.runId, { shard, submission, attempt }, () => worker.usage().now);
  const log: WorkerLog = (event) => {
    worker.log(event);
    if (event.event !== 'progress') kept.add(event);
  };
  let ending: Ending;
  log({ event: 'shard-started', shard });
  try {
    await record.start();
    const work = { ...ofProcess, shard, record, progressMs, worker: { ...worker, log } };
    ending = committedEnding(await runShard(inHand, work));
  } catch (error) {
    ending = endingOf(outOfMemoryOf(error, memoryMiB) ?? error);
    if (ending.cause === 'bug' && error instanceof Error) {
      console.error(error.stack);
      log({ event: 'log', level: 'error', message: error.stack ?? error.message });
    }
  }
  await record.end(ending);
  log({ event: 'shard-ended', shard, exitCode: ending.exitCode, message: ending.message ?? '' });
  await kept.end();
  return ending;
}

function committedEnding(overLimit: boolean): Ending {
  if (!overLimit) return { state: 'committed', exitCode: WORKER_EXIT.committed };
  const message = 'committed, with more quarantined records in a unit than the run allows';
  return { state: 'committed', cause: 'refused', message, exitCode: WORKER_EXIT.refused };
}
