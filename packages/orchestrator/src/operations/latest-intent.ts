import { readIntent, runKeys, submissionNumbers, type Intent, type Storage } from '@winnow/core';

/** The intent of the latest submission; undefined before the first. */
export async function latestIntent(output: Storage, runId: string): Promise<Intent | undefined> {
  const keys = runKeys(runId);
  const n = (await submissionNumbers(output, keys)).at(-1);
  return n === undefined ? undefined : readIntent(output, keys, n);
}
