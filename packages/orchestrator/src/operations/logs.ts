import {
  attempt as attemptShape,
  readJson,
  readZstdLines,
  runKeys,
  type Attempt,
  type RunKeys,
  type Storage,
} from '@winnow/core';
import type { ReadLogStream } from '../cloudwatch/log-stream.ts';
import type { OperationsEdge } from './edge.ts';
import type { Hooks, LogRequest, LogsSummary } from './operations.ts';
import { openStoredRun } from './stored-run.ts';

/**
 * Gives what the attempts of a run (or of one shard of it) had to say: what each has written into the run directory, and
 * where it did not come to that, what the service still has of it.
 */
export async function runLogs(
  { run: reference, shard, onLine }: LogRequest,
  edge: OperationsEdge,
  { cwd, signal }: Pick<Hooks, 'cwd' | 'signal'>,
): Promise<LogsSummary> {
  const { output, run } = await openStoredRun(reference, { cwd, openStorage: edge.openStorage });
  const keys = runKeys(run.runId);
  const summary = { runId: run.runId, attempts: 0, lines: 0, silent: 0 };
  let readStream: ReadLogStream | undefined;
  const folder = shard === undefined ? keys.attempts : `${keys.attempts}${shard}/`;
  for await (const { key } of output.list(folder)) {
    signal.throwIfAborted();
    const attempt = await readJson(output, key, attemptShape);
    if (attempt === undefined) continue;
    summary.attempts++;
    const stored = await storedLines(output, keys, attempt);
    const lines =
      stored ?? (await serviceLines(attempt, async () => (readStream ??= await edge.logStreams())));
    if (lines === undefined) summary.silent++;
    else
      for await (const text of lines) {
        summary.lines++;
        await onLine({ attempt, source: stored === undefined ? 'service' : 'run-directory', text });
      }
  }
  return summary;
}

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
