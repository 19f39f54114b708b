import {
  assertEngine,
  ConfigurationError,
  diskStorage,
  ENGINE,
  readIntent,
  readRun,
  runKeys,
  splitRunUri,
  WORKER_EXIT,
  type Intent,
  type RunFile,
  type Storage,
} from '@winnow/core';
import { AttemptRecord, type Usage } from './attempt-record.ts';
import { endingOf, type Ending } from './ending.ts';
import type { WorkerEnvironment } from './environment.ts';
import { MemoryWatch } from './memory-watch.ts';
import { runShard } from './shard.ts';
import { namedShards } from './named-shards.ts';
import type { StopSignal } from './stop-signal.ts';
import type { WorkerLog } from './worker-log.ts';

/** What only the process itself can tell or do. */
export interface WorkerProcess {
  readonly stop: StopSignal;
  readonly log: WorkerLog;
  readonly memoryMiB: number;
  /** Names this attempt: Batch's number, else a UUID. */
  readonly attempt: string;
  readonly host: string;
  readonly pid: number;
  readonly residentBytes: () => number;
  readonly usage: () => Usage;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** A run as a worker meets it. */
export interface RunInHand {
  readonly run: RunFile;
  readonly intent: Intent;
  readonly output: Storage;
  readonly source: Storage;
}

/**
 * Does the shards one after the other.
 *
 * A shard whose data is refused beyond the limit does not keep the next ones from being done; any other ending but
 * success ends the process, for the next shard would most likely end the same way.
 *
 * @returns the exit code: of the last shard that did not succeed, else 0
 */
export async function runShards(environment: WorkerEnvironment, worker: WorkerProcess): Promise<number> {
  const inHand = await openRun(environment);
  let exitCode: number = WORKER_EXIT.committed;
  for (const shard of await namedShards(environment, inHand.output)) {
    worker.log({ event: 'shard-started', shard });
    const ending = await attemptShard(environment, worker, inHand, shard);
    worker.log({ event: 'shard-ended', shard, exitCode: ending.exitCode, message: ending.message ?? '' });
    if (ending.exitCode !== WORKER_EXIT.committed) exitCode = ending.exitCode;
    if (ending.exitCode !== WORKER_EXIT.committed && ending.exitCode !== WORKER_EXIT.refused) break;
  }
  return exitCode;
}

async function openRun(environment: WorkerEnvironment): Promise<RunInHand> {
  const { output: uri, runId } = splitRunUri(environment.run);
  const output = diskStorage(uri);
  const run = await readRun(output, runId);
  assertEngine(runId, run.frozen.engine, ENGINE);
  if (run.frozen.zstd !== process.versions['zstd']) {
    throw new ConfigurationError(
      `run ${runId} was planned with zstd ${run.frozen.zstd}, this process has ${process.versions['zstd']}: its bytes may differ`,
      { hint: 'use the Node version that planned the run' },
    );
  }
  const intent = await readIntent(output, runKeys(runId), environment.submission);
  return { run, intent, output, source: diskStorage(run.source) };
}

async function attemptShard(
  environment: WorkerEnvironment,
  worker: WorkerProcess,
  inHand: RunInHand,
  shard: number,
): Promise<Ending> {
  const { submission, jobId } = environment;
  const { attempt, host, pid, memoryMiB } = worker;
  const record = new AttemptRecord(
    inHand.output,
    inHand.run.runId,
    { shard, submission, attempt, host, pid, logStream: jobId, memoryMiB },
    worker.usage,
  );
  const memory = new MemoryWatch(memoryMiB, worker.residentBytes);
  let ending: Ending;
  try {
    await record.start();
    const overLimit = await runShard(inHand, {
      shard,
      submission,
      record,
      memory,
      worker,
      progressMs: environment.progressMs,
    });
    ending = { state: 'committed', exitCode: overLimit ? WORKER_EXIT.refused : WORKER_EXIT.committed };
  } catch (error) {
    ending = endingOf(error);
    if (ending.cause === 'bug' && error instanceof Error) console.error(error.stack);
  }
  // A record that cannot be written must not turn committed work into a failure: receipts decide.
  await record.end(ending).catch((error: unknown) => {
    console.error(`winnow worker: attempt record: ${error instanceof Error ? error.message : String(error)}`);
  });
  return ending;
}
