import { attempt as attemptShape, readJson, type Attempt, type RunKeys, type Storage } from '@winnow/core';

/** What the attempts at a shard in one submission wrote down. */
export interface RecordedAttempts {
  readonly latest: Attempt | undefined;
  readonly total: number;
}

/** Reads the records of the attempts at the shard in this submission. */
export async function readAttempts(
  output: Storage,
  keys: RunKeys,
  shard: number,
  submission: number,
): Promise<RecordedAttempts> {
  let latest: Attempt | undefined;
  let total = 0;
  const folder = `${keys.attempts}${shard}/`;
  for await (const { key } of output.list(folder, { begins: `${folder}${submission}-` })) {
    const record = await readJson(output, key, attemptShape);
    if (record === undefined) continue;
    total++;
    if (!latest || record.startedAt > latest.startedAt) latest = record;
  }
  return { latest, total };
}
