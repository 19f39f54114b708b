import {
  beatClaim,
  endClaim,
  failClaim,
  listClaims,
  readFailedClaim,
  releaseClaim,
  takeClaim,
  type Claim,
  type ClaimedWork,
  type ClaimsNow,
  type RunKeys,
  type ShardOutcome,
  type Storage,
} from '@winnow/core';

/** A claim that nobody has beaten for so long is nobody's: its process was killed, or is stopped. */
export const STALE_MS = 45_000;

export interface BoardOptions {
  readonly output: Storage;
  readonly keys: RunKeys;
  readonly submission: ClaimedWork;
  /** Names this process. */
  readonly claimant: string;
  readonly host: string;
  /** Of this machine's own clock: other machines' are never looked at, and one that jumps costs a twin at most. */
  readonly nowMs: () => number;
  readonly now: () => Date;
}

/** The shards of a submission, as those who take them tell each other. What is done, receipts alone decide. */
export class ClaimBoard {
  readonly #options: BoardOptions;
  readonly #mine = new Map<number, number>();
  /** When each claim of somebody else was last seen to change. */
  #seen = new Map<number, { readonly pin: string; readonly sinceMs: number }>();
  /** The first word on a shard stands: each is read once. */
  readonly #failures = new Map<number, ShardOutcome>();
  #now: ClaimsNow = { claimed: new Map(), done: new Set(), failed: new Set() };

  constructor(options: BoardOptions) {
    this.#options = options;
  }

  /** Sees what has changed. */
  async look(): Promise<void> {
    const { output, keys, submission, nowMs } = this.#options;
    this.#now = await listClaims(output, keys, submission);
    const at = nowMs();
    this.#seen = new Map(
      [...this.#now.claimed].map(([shard, pin]) => {
        const before = this.#seen.get(shard);
        return [shard, before?.pin === pin ? before : { pin, sinceMs: at }];
      }),
    );
  }

  hasEnded(shard: number): boolean {
    return this.isDone(shard) || this.#now.failed.has(shard);
  }

  isDone(shard: number): boolean {
    return this.#now.done.has(shard);
  }

  /** Whether somebody does the shard, or did until it died. */
  isClaimed(shard: number): boolean {
    return this.#now.claimed.has(shard);
  }

  get failedCount(): number {
    return this.#now.failed.size;
  }

  /** Whether this process does the shard, or is to try it again. */
  isMine(shard: number): boolean {
    return this.#mine.has(shard);
  }

  /** Whether the shard has not ended and nobody seems to do it. */
  isFree(shard: number): boolean {
    if (this.hasEnded(shard) || this.#mine.has(shard)) return false;
    const seen = this.#seen.get(shard);
    return seen === undefined || this.#options.nowMs() - seen.sinceMs >= STALE_MS;
  }

  /** Whether it is ours from now on. */
  async take(shard: number): Promise<boolean> {
    const { output, keys, submission, nowMs } = this.#options;
    const pin = this.#seen.get(shard)?.pin;
    if (await takeClaim(output, keys, { n: submission, claim: this.#claim(shard, 0), pin })) {
      this.#mine.set(shard, 0);
      return true;
    }
    // Somebody was faster; which version stands there the next look tells.
    this.#seen.set(shard, { pin: '', sinceMs: nowMs() });
    return false;
  }

  /** Tells the others that what is ours is still being done. */
  async beat(): Promise<void> {
    const { output, keys, submission } = this.#options;
    for (const [shard, beat] of [...this.#mine]) {
      this.#mine.set(shard, beat + 1);
      await beatClaim(output, keys, submission, this.#claim(shard, beat + 1));
      // It ended meanwhile: what was written is in the way of nobody, but of those who look at this folder.
      if (!this.#mine.has(shard)) await releaseClaim(output, keys, submission, shard);
    }
  }

  async done(shard: number): Promise<void> {
    const { output, keys, submission } = this.#options;
    this.#mine.delete(shard);
    await endClaim(output, keys, submission, shard);
  }

  async failed(outcome: ShardOutcome): Promise<void> {
    const { output, keys, submission } = this.#options;
    this.#mine.delete(outcome.shard);
    await failClaim(output, keys, submission, outcome);
  }

  /** Takes away the claims that are left once all has ended: of processes that died when their shards were done. */
  async clear(): Promise<void> {
    const { output, keys, submission } = this.#options;
    for (const shard of this.#now.claimed.keys()) await releaseClaim(output, keys, submission, shard);
  }

  /** Lets go of all that is ours: somebody else takes it at once. */
  async releaseAll(): Promise<void> {
    const { output, keys, submission } = this.#options;
    const shards = [...this.#mine.keys()];
    this.#mine.clear();
    for (const shard of shards) await releaseClaim(output, keys, submission, shard);
  }

  /** Why shards were given up. */
  async failures(): Promise<ShardOutcome[]> {
    const { output, keys, submission } = this.#options;
    for (const shard of this.#now.failed) {
      if (this.#failures.has(shard)) continue;
      const outcome = await readFailedClaim(output, keys, submission, shard);
      if (outcome !== undefined) this.#failures.set(shard, outcome);
    }
    return [...this.#failures.values()];
  }

  #claim(shard: number, beat: number): Claim {
    const { claimant, host, now } = this.#options;
    return { shard, claimant, host, beat, at: now().toISOString() };
  }
}
