import {
  attempt as attemptShape,
  readClearing,
  readJson,
  readZstdLines,
  runKeys,
  type Attempt,
  type RunKeys,
  type Storage,
} from '@winnow/core';
import type { ArrayJobs } from '../backend/array-backend.ts';
import type { ReadLogStream } from '../cloudwatch/log-stream.ts';
import type { OperationsEdge } from './edge.ts';
import type { AttemptName, Hooks, LogLine, LogRequest, LogsSummary } from './operations.ts';
import { openStoredRun } from './stored-run.ts';
import { unrecordedLogs } from './unrecorded-logs.ts';

/**
 * Gives what the attempts of a run (or of one shard of it) had to say: what each has written into the run directory, and
 * where it did not come to that, what the service still has of it. What never came to a record at all is asked for by its
 * job.
 */
export async function runLogs(
  { run: reference, shard, onLine }: LogRequest,
  edge: OperationsEdge,
  { cwd, signal }: Pick<Hooks, 'cwd' | 'signal'>,
): Promise<LogsSummary> {
  const stored = await openStoredRun(reference, { cwd, openStorage: edge.openStorage });
  const { output, run } = stored;
  const keys = runKeys(run.runId);
  const summary = { runId: run.runId, attempts: 0, lines: 0, silent: 0 };
  const give = async (log: Pick<LogLine, 'attempt' | 'source'>, lines: AsyncIterable<string>) => {
    for await (const text of lines) {
      signal.throwIfAborted();
      summary.lines++;
      await onLine({ ...log, text });
    }
  };

  let readStream: ReadLogStream | undefined;
  const recorded = new Set<string>();
  const folder = shard === undefined ? keys.attempts : `${keys.attempts}${shard}/`;
  for await (const { key } of output.list(folder)) {
    signal.throwIfAborted();
    const attempt = await readJson(output, key, attemptShape);
    if (attempt === undefined) continue;
    summary.attempts++;
    recorded.add(`${attempt.shard} ${attempt.submission}`);
    const kept = await storedLines(output, keys, attempt);
    const lines = kept ?? (await serviceLines(attempt, async () => (readStream ??= await edge.logStreams())));
    if (lines === undefined) summary.silent++;
    else await give({ attempt: nameOf(attempt), source: kept ? 'run-directory' : 'service' }, lines);
  }

  let jobs: Promise<ArrayJobs> | undefined;
  const openJobs = (): Promise<ArrayJobs> => (jobs ??= edge.batchJobs());
  const hasRecord = (of: number, submission: number): boolean => recorded.has(`${of} ${submission}`);
  for await (const found of unrecordedLogs(stored, shard, hasRecord, openJobs)) {
    summary.attempts += Math.max(1, found.logs.length);
    if (found.logs.length === 0) summary.silent++;
    for (const { attempt, lines } of found.logs) {
      const name = { shard: found.shard, submission: found.submission, attempt };
      await give({ attempt: name, source: 'service' }, lines);
    }
  }
  const clearing = await readClearing(output, run.runId);
  return { ...summary, ...(clearing && { clearedAt: clearing.clearedAt }) };
}

const nameOf = ({ shard, submission, attempt }: Attempt): AttemptName => ({ shard, submission, attempt });

async function storedLines(
  output: Storage,
  keys: RunKeys,
  { shard, submission, attempt }: Attempt,
): Promise<AsyncIterable<string> | undefined> {
  const key = keys.log(shard, submission, attempt);
  if ((await output.stat(key)) === undefined) return undefined;
  return readZstdLines(output.read(key));
}

async function serviceLines(
  { logGroup, logStream }: Attempt,
  streams: () => Promise<ReadLogStream>,
): Promise<AsyncIterable<string> | undefined> {
  if (logGroup === undefined || logStream === undefined) return undefined;
  return (await streams())(logGroup, logStream);
}
