import {
  createSubmission,
  highestStop,
  isStopped,
  readIntent,
  readOutcome,
  runKeys,
  shardCount,
  submissionNumbers,
  type Intent,
  type RunFile,
  type Storage,
} from '@winnow/core';
import type { RunPlace } from '../run-place.ts';

/** The latest submission that anybody may take shards of; `open` while not all of them have ended and nobody cancelled it. */
export interface PullSubmission {
  readonly intent: Intent;
  readonly open: boolean;
}

export async function latestPull(
  output: Storage,
  { runId }: Pick<RunFile, 'runId'>,
): Promise<PullSubmission | undefined> {
  const keys = runKeys(runId);
  const stop = await highestStop(output, keys);
  for (const n of (await submissionNumbers(output, keys)).reverse()) {
    const intent = await readIntent(output, keys, n);
    if (intent.backend !== 'pull') continue;
    return { intent, open: !isStopped(n, stop) && (await readOutcome(output, keys, n)) === undefined };
  }
  return undefined;
}

/** Lets anybody take the shards of the run: all of them, for those that are done are told from their receipts. */
export function openPull(
  output: Storage,
  run: RunFile,
  {
    grouping,
    settings,
    tolerate,
    opener,
  }: Pick<RunPlace, 'grouping' | 'settings' | 'tolerate'> & { readonly opener: string | undefined },
  now: Date,
): Promise<Intent> {
  return createSubmission(output, runKeys(run.runId), (n) => ({
    n,
    backend: 'pull',
    createdAt: now.toISOString(),
    grouping: [...grouping],
    shards: { first: 0, count: shardCount(grouping) },
    memoryMiB: settings.memoryMiB,
    ...(opener !== undefined && { opener }),
    settings: { ...settings, ...(tolerate === undefined ? {} : { tolerate }) },
  }));
}
