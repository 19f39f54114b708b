import { attempt as attemptShape, readJson, type Attempt, type RunKeys, type Storage } from '@winnow/core';

/** The latest record of an attempt at the shard in this submission; undefined where none was written. */
export async function readAttempt(
  output: Storage,
  keys: RunKeys,
  shard: number,
  submission: number,
): Promise<Attempt | undefined> {
  let latest: Attempt | undefined;
  for await (const { key } of output.list(`${keys.attempts}${shard}/`)) {
    if (!key.startsWith(`${keys.attempts}${shard}/${submission}-`)) continue;
    const record = await readJson(output, key, attemptShape);
    if (record && (!latest || record.startedAt > latest.startedAt)) latest = record;
  }
  return latest;
}
