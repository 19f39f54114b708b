import {
  highestStop,
  isStopped,
  runKeys,
  runUri,
  writeOutcome,
  WORKER_EXIT,
  type Intent,
} from '@winnow/core';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { RunEvent } from '../../events.ts';
import type { ClaimBackend } from '../../backend/claim-backend.ts';
import { FailedShards } from '../failed-shards.ts';
import { decodedOfShard } from '../arrays/array-progress.ts';
import { whyGivenUp } from '../give-up.ts';
import { failureEvent, judgeFailure, waitingAgain } from '../judge-failure.ts';
import type { RunPlace, WaitingShard, WorkDone } from '../run-place.ts';
import { shardIsDone, waitingShards } from '../shards-to-do.ts';
import { runEventOf } from '../submit-processes.ts';
import { ClaimBoard } from './claim-board.ts';
import { keepBeating } from './keep-beating.ts';

/** How often others' claims are looked at where there is room for a shard, and where there is none: a listing costs. */
const IDLE_LOOK_MS = 3000;
const BUSY_LOOK_MS = 15_000;

/**
 * Works a run off together with whoever else takes shards of the submission, on any machine: claims a shard that is free,
 * does it, claims the next. Ends when all shards have ended, whoever did them: those of a process that died meanwhile are
 * taken over.
 */
export async function workOffClaims(
  place: RunPlace<ClaimBackend>,
  intent: Intent,
  signal: AbortSignal,
): Promise<WorkDone> {
  const work = new ClaimWork(place, intent);
  try {
    return await work.untilDone(signal);
  } finally {
    await work.leave();
  }
}

class ClaimWork {
  readonly #place: RunPlace<ClaimBackend>;
  readonly #intent: Intent;
  readonly #board: ClaimBoard;
  /** Not known to have ended. */
  readonly #open: Map<number, WaitingShard>;
  readonly #running = new Map<number, { readonly memoryMiB: number; readonly ended: Promise<void> }>();
  /** Where this one looks for shards first, so that not all look at the same. */
  readonly #start: number;
  readonly #stop = new AbortController();
  #beating: Promise<void> = Promise.resolve();
  /** Of shards that have ended since this command began: how many were done, and what they decoded, as planned. */
  readonly #since = { done: 0, decoded: 0 };
  #failure: { readonly error: unknown } | undefined;

  constructor(place: RunPlace<ClaimBackend>, intent: Intent) {
    this.#place = place;
    this.#intent = intent;
    this.#board = new ClaimBoard({
      output: place.output,
      keys: runKeys(place.run.runId),
      submission: intent.n,
      claimant: randomUUID(),
      host: hostname(),
      nowMs: () => place.now().getTime(),
      now: place.now,
    });
    this.#open = new Map(waitingShards(place).map((shard) => [shard.shard, shard]));
    this.#start = Math.floor(place.random() * this.#open.size);
  }

  async untilDone(signal: AbortSignal): Promise<WorkDone> {
    const { place, board } = { place: this.#place, board: this.#board };
    const keys = runKeys(place.run.runId);
    signal.addEventListener('abort', () => this.#stop.abort(signal.reason), { once: true });
    const { sleep, log } = place;
    const warn = (error: unknown): void => void log.warn(`claims: ${String(error)}`);
    if (place.backend.slots > 0)
      this.#beating = keepBeating({ beat: () => board.beat(), sleep, warn }, this.#stop.signal);
    for (;;) {
      signal.throwIfAborted();
      if (this.#failure !== undefined) throw this.#failure.error;
      if (isStopped(this.#intent.n, await highestStop(place.output, keys)))
        return { failed: await this.#failed(), cancelled: true };
      await board.look();
      for (const shard of this.#open.keys()) if (board.hasEnded(shard)) this.#end(shard);
      const failed = await this.#failed();
      const gaveUp = whyGivenUp(place, failed);
      if (gaveUp !== undefined || this.#open.size === 0)
        return {
          failed,
          cancelled: false,
          ...(gaveUp !== undefined && { gaveUp }),
          ...(await this.#sayEnd()),
        };
      await this.#fill();
      if (place.backend.slots === 0) place.tell(this.#progress());
      const isBusy = place.backend.slots > 0 && this.#running.size >= place.backend.slots;
      await Promise.race([place.sleep(isBusy ? BUSY_LOOK_MS : IDLE_LOOK_MS, signal), ...this.#ends()]);
    }
  }

  #end(shard: number): void {
    this.#open.delete(shard);
    if (!this.#board.isDone(shard)) return;
    const { grouping, ledger } = this.#place;
    this.#since.done++;
    this.#since.decoded += decodedOfShard(grouping, ledger, shard);
  }

  /** How far others are, for one who only watches: as of an array of a service. */
  #progress(): Extract<RunEvent, { kind: 'arrays' }> {
    const running = [...this.#open.keys()].filter((shard) => this.#board.isClaimed(shard)).length;
    const { done: succeeded, decoded } = this.#since;
    const failed = this.#board.failedCount;
    return {
      kind: 'arrays',
      arrays: 1,
      waiting: this.#open.size - running,
      running,
      succeeded,
      failed,
      decoded,
    };
  }

  /** Says that nothing more of the submission is to be done. Whoever says it first closes the run. */
  async #sayEnd(): Promise<Pick<WorkDone, 'closedElsewhere'>> {
    const { output, run, now } = this.#place;
    const failed = await this.#board.failures();
    const outcome = { n: this.#intent.n, endedAt: now().toISOString(), failed };
    const isFirst = (await writeOutcome(output, runKeys(run.runId), outcome)) === 'created';
    if (!isFirst) return { closedElsewhere: true };
    await this.#board.clear();
    return {};
  }

  /** Asks what runs to end, waits for it, and lets go of the claims. */
  async leave(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#ends());
    await this.#beating;
    await this.#board.releaseAll();
  }

  #ends(): Promise<void>[] {
    return [...this.#running.values()].map(({ ended }) => ended);
  }

  /**
   * Begins as many shards as there is room for: claimed ones that are to be tried again, then free ones. What needs more
   * memory than this machine has is left to others as long as there is something else to do.
   */
  async #fill(): Promise<void> {
    const nowMs = this.#place.now().getTime();
    const ready = this.#inTurn().filter(
      ({ shard, readyAtMs = 0 }) => readyAtMs <= nowMs && !this.#running.has(shard),
    );
    for (const shard of ready) {
      if (this.#running.size >= this.#place.backend.slots) return;
      if (this.#fits(shard)) await this.#claim(shard);
    }
    for (const shard of ready)
      if (this.#running.size === 0 && this.#place.backend.slots > 0) await this.#claim(shard);
  }

  /** Open shards, from where this process begins. */
  #inTurn(): WaitingShard[] {
    const shards = [...this.#open.values()];
    return [...shards.slice(this.#start), ...shards.slice(0, this.#start)];
  }

  #fits({ memoryMiB }: WaitingShard): boolean {
    const used = [...this.#running.values()].reduce((sum, running) => sum + running.memoryMiB, 0);
    return used + memoryMiB <= this.#place.backend.availableMiB;
  }

  async #claim(shard: WaitingShard): Promise<void> {
    const isOurs = this.#board.isMine(shard.shard);
    if (isOurs || (this.#board.isFree(shard.shard) && (await this.#board.take(shard.shard))))
      this.#begin(shard);
  }

  #begin(shard: WaitingShard): void {
    const ended = this.#do(shard)
      .catch((error: unknown) => {
        this.#failure ??= { error };
      })
      .finally(() => this.#running.delete(shard.shard));
    this.#running.set(shard.shard, { memoryMiB: shard.memoryMiB, ended });
  }

  async #do({ shard, memoryMiB }: WaitingShard): Promise<void> {
    const { output, run, grouping, tell, log, backend } = this.#place;
    const submission = this.#intent.n;
    // Somebody may have done it and died before saying so.
    if (await shardIsDone(output, run, grouping, shard)) return this.#board.done(shard);
    const job = { submission, runUri: runUri(output.uri, run.runId), shards: [shard], memoryMiB };
    for await (const event of backend.processes.submit(job, this.#stop.signal)) {
      if (event.kind === 'log') log.info(event.message);
      else if (event.kind !== 'ended') tell(runEventOf(event, memoryMiB));
      if (event.kind !== 'ended') continue;
      if (await shardIsDone(output, run, grouping, shard)) {
        tell({ kind: 'shard-done', shard });
        await this.#board.done(shard);
      } else if (!this.#stop.signal.aborted || event.exitCode !== WORKER_EXIT.again) {
        await this.#judge({ shard, submission, memoryMiB, end: event });
      }
    }
  }

  async #judge(ended: Parameters<typeof judgeFailure>[1]): Promise<void> {
    const verdict = await judgeFailure(this.#place, ended);
    this.#place.tell(failureEvent(verdict));
    const { decision, outcome, shard } = verdict;
    if (!decision.again) return this.#board.failed(outcome);
    // It stays claimed: the next try is on the same budget.
    this.#open.set(shard, waitingAgain(shard, decision, this.#place.now()));
  }

  async #failed(): Promise<FailedShards> {
    const failed = new FailedShards();
    for (const outcome of await this.#board.failures()) failed.add(outcome);
    return failed;
  }
}
