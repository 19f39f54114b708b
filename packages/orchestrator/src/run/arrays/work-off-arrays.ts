import { highestStop, isStopped, runKeys, WORKER_EXIT } from '@winnow/core';
import type { ArrayBackend } from '../../backend/array-backend.ts';
import { FailedShards } from '../failed-shards.ts';
import { whyGivenUp } from '../give-up.ts';
import { allNamed, shardAt } from '../named-shards.ts';
import type { FailedShard, RunPlace, WorkDone } from '../run-place.ts';
import { waitingShards } from '../shards-to-do.ts';
import { arraysEvent } from './array-progress.ts';
import type { ArrayPolicy } from './array-policy.ts';
import { FallbackBudget } from './fallback-budget.ts';
import { judgeArray } from './judge-array.ts';
import { lastWords } from './last-words.ts';
import { isGone, openChildren, seen, type LiveArray } from './live-array.ts';
import { hasLongUnit } from './long-units.ts';
import { roomFor } from './room.ts';
import { Spending } from './spending.ts';
import { stuckArrays, stuckText } from './stuck.ts';
import { submitArray } from './submit-array.ts';
import { ToldUnits } from './told-units.ts';
import { Waiting, type NextArray, type WaitingForArray } from './waiting.ts';

/** What is wrong with the run or the job definition is so for every shard: nothing more is submitted for it. */
const HOPELESS: readonly string[] = ['configuration', 'image'];

/**
 * Works a run off on a service that runs arrays. A round goes: submit what there is room for, wait, ask how far the arrays
 * are (one call for a hundred), judge those that have ended, and take what of them is to be tried again.
 *
 * Nothing is remembered but in the run directory: the same command, from any machine, takes up the arrays that are under
 * way. So when `signal` aborts nothing is ended; the jobs go on.
 *
 * @param live arrays of earlier commands that are under way
 */
export async function workOffArrays(
  place: RunPlace<ArrayBackend>,
  policy: ArrayPolicy,
  live: readonly LiveArray[],
  signal: AbortSignal,
): Promise<WorkDone> {
  const work = new ArrayWork(place, policy, live);
  try {
    return await work.untilDone(signal);
  } catch (error) {
    if (signal.aborted) place.tell({ kind: 'detached', jobs: work.jobs });
    throw error;
  }
}

class ArrayWork {
  readonly #place: RunPlace<ArrayBackend>;
  readonly #policy: ArrayPolicy;
  readonly #waiting = new Waiting();
  readonly #failed = new FailedShards();
  readonly #told: ToldUnits;
  readonly #budget: FallbackBudget | undefined;
  readonly #spending: Spending;
  #live: LiveArray[];
  #firstSubmission: number | undefined;
  /** Why every shard would fail. */
  #hopeless: FailedShard | undefined;
  #warnedAt = 0;

  constructor(place: RunPlace<ArrayBackend>, policy: ArrayPolicy, live: readonly LiveArray[]) {
    this.#place = place;
    this.#policy = policy;
    this.#live = [...live];
    this.#budget = policy.fallback && new FallbackBudget(policy.fallback.maxCost);
    this.#spending = new Spending(place);
    this.#told = new ToldUnits(place.ledger, place.run.plan.units);
    this.#firstSubmission = live[0]?.submission;
    const taken = new Set(live.flatMap(({ intent }) => allNamed(intent.shards)));
    for (const waiting of waitingShards(place))
      if (!taken.has(waiting.shard)) this.#wait({ ...waiting, fallback: false });
  }

  /** Jobs under way. */
  get jobs(): number {
    return this.#live.length;
  }

  async untilDone(signal: AbortSignal): Promise<WorkDone> {
    await this.#spending.limit(this.#policy.maxCost, this.#live);
    for (;;) {
      signal.throwIfAborted();
      if (await this.#isStopped()) {
        await this.#place.backend.terminate(this.#live.map(({ jobId }) => jobId));
        return { failed: this.#failed, cancelled: true };
      }
      const gaveUp = whyGivenUp(this.#place, this.#failed);
      if (gaveUp !== undefined) return await this.#leave(gaveUp, signal);
      await this.#submit(signal);
      if (this.#live.length === 0 && this.#waiting.size === 0)
        return { failed: this.#failed, cancelled: false };
      // What is under way may turn out to cost less than estimated.
      const tooDear = this.#live.length === 0 ? this.#spending.whyNot() : undefined;
      if (tooDear !== undefined) return { failed: this.#failed, cancelled: false, gaveUp: tooDear };
      this.#place.tell(arraysEvent(this.#place, this.#live, this.#waiting.size));
      await this.#place.sleep(this.#policy.pollMs, signal);
      await this.#look();
    }
  }

  /** Ends the children that wait and run, and waits until they have: those that run commit what they have in hand. */
  async #leave(gaveUp: string, signal: AbortSignal): Promise<WorkDone> {
    await this.#place.backend.terminate(this.#live.map(({ jobId }) => jobId));
    while (this.#live.length > 0) {
      this.#place.tell(arraysEvent(this.#place, this.#live, this.#waiting.size));
      await this.#place.sleep(this.#policy.pollMs, signal);
      await this.#look();
    }
    return {
      failed: this.#failed,
      cancelled: false,
      gaveUp: whyGivenUp(this.#place, this.#failed) ?? gaveUp,
    };
  }

  async #isStopped(): Promise<boolean> {
    const { output, run } = this.#place;
    if (this.#firstSubmission === undefined) return false;
    return isStopped(this.#firstSubmission, await highestStop(output, runKeys(run.runId)));
  }

  /** Submits arrays until there is no more room or money, or nothing waits. */
  async #submit(signal: AbortSignal): Promise<void> {
    const { backend } = this.#place;
    for (;;) {
      const open = this.#live.reduce((sum, array) => sum + openChildren(array), 0);
      const room = roomFor(open, this.#policy.maxRunning, backend.maxShards);
      const taken = this.#waiting.take(room, this.#place.now().getTime());
      const next = taken && this.#withinLimit(taken);
      const affordable = next?.fallback === true ? this.#afford(next) : next;
      if (affordable === undefined) return;
      const array = await submitArray(this.#place, affordable, signal);
      this.#spending.submitted(array.submission, affordable);
      this.#firstSubmission ??= array.submission;
      this.#live.push(array);
    }
  }

  /** What of an array the run has money for; the rest waits. */
  #withinLimit(next: NextArray): NextArray | undefined {
    const count = this.#spending.affords(next);
    const { shards, memoryMiB, fallback } = next;
    for (const shard of shards.slice(count)) this.#waiting.add({ shard, memoryMiB, fallback });
    return count === 0 ? undefined : { ...next, shards: shards.slice(0, count) };
  }

  /** What of an array may go to the queue that costs more; the rest waits for the other one. */
  #afford({ shards, memoryMiB, fallback }: NextArray): NextArray {
    const count = this.#budget?.admit(this.#spending.estimates({ shards, memoryMiB, fallback })) ?? 0;
    const rest = { shards: shards.slice(count), memoryMiB, fallback: false };
    if (count === 0) return rest;
    for (const shard of rest.shards) this.#waiting.add({ shard, memoryMiB, fallback: false });
    return { shards: shards.slice(0, count), memoryMiB, fallback: true };
  }

  /** Asks how far the arrays are; judges those that have ended. */
  async #look(): Promise<void> {
    const nowMs = this.#place.now().getTime();
    const counts = await this.#place.backend.poll(this.#live.map(({ jobId }) => jobId));
    for (const array of this.#live) seen(array, counts.get(array.jobId), nowMs);
    const isOver = (array: LiveArray): boolean => array.counts?.ended === true || isGone(array, nowMs);
    const over = this.#live.filter(isOver);
    this.#live = this.#live.filter((array) => !isOver(array));
    if (over.length > 0) this.#place.tell(arraysEvent(this.#place, this.#live, this.#waiting.size));
    for (const array of over) await this.#judge(array);
    for (const array of this.#live) await this.#lookAtFirstFailure(array);
    await this.#moveStuck(nowMs);
  }

  async #judge(array: LiveArray): Promise<void> {
    const { again, failed } = await judgeArray(this.#place, this.#told, array);
    await this.#spending.ended(array.submission);
    for (const shard of failed) {
      this.#failed.add(shard);
      if (HOPELESS.includes(shard.cause)) this.#hopeless ??= shard;
    }
    for (const shard of again) this.#tryAgain(shard);
    if (this.#hopeless !== undefined) await this.#giveUp(this.#hopeless);
  }

  #tryAgain(shard: WaitingForArray): void {
    if (this.#hopeless === undefined) this.#wait(shard);
    else this.#failed.add({ ...this.#hopeless, shard: shard.shard });
  }

  #wait(shard: WaitingForArray): void {
    const { grouping, ledger } = this.#place;
    const fallback =
      this.#budget !== undefined && (shard.fallback || hasLongUnit(grouping, ledger, shard.shard));
    this.#waiting.add({ ...shard, fallback });
  }

  /** A fault that every shard would meet shows with the first that fails: ten thousand need not. */
  async #lookAtFirstFailure(array: LiveArray): Promise<void> {
    const { counts, jobId } = array;
    if (counts === undefined || counts.failed === 0 || array.looked) return;
    array.looked = true;
    const { backend } = this.#place;
    for await (const { index, said, exitCode, message } of backend.failures(jobId, counts)) {
      const cause = exitCode === WORKER_EXIT.configuration ? 'configuration' : said;
      if (cause === undefined || !HOPELESS.includes(cause)) return;
      const words = await lastWords(backend, { jobId, index, size: counts.size });
      this.#hopeless ??= { shard: shardAt(array.intent.shards, index), cause, message: words ?? message };
      await this.#giveUp(this.#hopeless);
      return;
    }
  }

  /** Submits no more, and takes back what has not begun. */
  async #giveUp(why: FailedShard): Promise<void> {
    const takeAll = (): NextArray | undefined => this.#waiting.take(Infinity, Infinity);
    for (let next = takeAll(); next; next = takeAll())
      for (const shard of next.shards) this.#failed.add({ ...why, shard });
    await this.#withdraw(this.#live.filter(({ counts }) => (counts?.waiting ?? 0) > 0));
  }

  /** Where no place is to be had: to the other queue, if there is one and money for it. */
  async #moveStuck(nowMs: number): Promise<void> {
    const { runnableMs } = this.#policy;
    const stuck = stuckArrays(this.#live, runnableMs, nowMs);
    if (stuck.length === 0) return;
    if (this.#budget !== undefined && !this.#budget.isSpent) {
      await this.#withdraw(stuck);
      return;
    }
    if (nowMs - this.#warnedAt < runnableMs) return;
    this.#warnedAt = nowMs;
    this.#place.tell({ kind: 'warning', message: stuckText(stuck, runnableMs, this.#budget !== undefined) });
  }

  async #withdraw(arrays: readonly LiveArray[]): Promise<void> {
    const fresh = arrays.filter(({ withdrawn }) => !withdrawn);
    for (const array of fresh) array.withdrawn = true;
    if (fresh.length > 0) await this.#place.backend.withdraw(fresh.map(({ jobId }) => jobId));
  }
}
