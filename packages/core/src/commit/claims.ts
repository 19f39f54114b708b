import type { ClaimedWork, RunKeys } from '../run-keys.ts';
import type { Claim } from '../shapes/claim.ts';
import { shardOutcome, type ShardOutcome } from '../shapes/submission.ts';
import type { Storage } from '../storage/storage.ts';
import { createJson, jsonBytes, readJson } from './objects.ts';

const NAME = /^(\d+)(?:\.(done|failed))?\.json$/;

/** What a listing tells of a submission that anybody may take shards of. */
export interface ClaimsNow {
  /** By shard: the pin of the claim, which changes with every beat. */
  readonly claimed: ReadonlyMap<number, string>;
  readonly done: ReadonlySet<number>;
  readonly failed: ReadonlySet<number>;
}

export async function listClaims(storage: Storage, keys: RunKeys, n: ClaimedWork): Promise<ClaimsNow> {
  const now = { claimed: new Map<number, string>(), done: new Set<number>(), failed: new Set<number>() };
  const folder = keys.claimsOf(n);
  for await (const { key, pin } of storage.list(folder)) {
    const [, shard, ended] = NAME.exec(key.slice(folder.length)) ?? [];
    if (shard === undefined) continue;
    if (ended === undefined) now.claimed.set(Number(shard), pin);
    else now[ended === 'done' ? 'done' : 'failed'].add(Number(shard));
  }
  return now;
}

/**
 * Claims a shard: a free one, or one whose claim has this pin, which nobody beats any more.
 *
 * @returns whether it is ours now
 */
export async function takeClaim(
  storage: Storage,
  keys: RunKeys,
  { n, claim, pin }: { readonly n: ClaimedWork; readonly claim: Claim; readonly pin: string | undefined },
): Promise<boolean> {
  const key = keys.claim(n, claim.shard);
  if (pin === undefined) return (await createJson(storage, key, claim)) === 'created';
  const pending = await storage.create(key);
  try {
    await pending.write(jsonBytes(claim));
    return (await storage.commitOver(pending, pin)) === 'replaced';
  } finally {
    await pending.abort();
  }
}

/** Says that the shard is still being done. */
export const beatClaim = (storage: Storage, keys: RunKeys, n: ClaimedWork, claim: Claim): Promise<void> =>
  storage.replace(keys.claim(n, claim.shard), jsonBytes(claim));

/** Lets go of a shard, so that somebody else takes it at once. */
export const releaseClaim = (storage: Storage, keys: RunKeys, n: ClaimedWork, shard: number): Promise<void> =>
  storage.remove(keys.claim(n, shard));

/** Says that all of a shard is committed. */
export async function endClaim(
  storage: Storage,
  keys: RunKeys,
  n: ClaimedWork,
  shard: number,
): Promise<void> {
  await createJson(storage, keys.shardDone(n, shard), { shard });
  await releaseClaim(storage, keys, n, shard);
}

/** Says that a shard was given up, and why; the first word stands. */
export async function failClaim(
  storage: Storage,
  keys: RunKeys,
  n: ClaimedWork,
  outcome: ShardOutcome,
): Promise<void> {
  await createJson(storage, keys.shardFailed(n, outcome.shard), outcome);
  await releaseClaim(storage, keys, n, outcome.shard);
}

/** Why a shard was given up; undefined where it was not. */
export const readFailedClaim = (
  storage: Storage,
  keys: RunKeys,
  n: ClaimedWork,
  shard: number,
): Promise<ShardOutcome | undefined> => readJson(storage, keys.shardFailed(n, shard), shardOutcome);
