import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { readJson, runFile, runKeys, type RunFile, type Storage } from '@winnow/core';
import { ClaimBoard } from './claim-board.ts';
import { keepBeating } from './keep-beating.ts';

const LOOK_MS = 2000;
/** The making of a plan is claimed as a shard is. */
const PLAN = 0;

interface Turn {
  readonly output: Storage;
  readonly runId: string;
  readonly now: () => Date;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly plan: () => Promise<RunFile>;
}

/**
 * Of many that are to plan the same run one does, the others wait for its plan. One that dies meanwhile is taken over; two
 * who plan at once harm nothing, for the first `run.json` stands.
 */
export async function planInTurn(
  { output, runId, now, sleep, plan }: Turn,
  signal: AbortSignal,
): Promise<RunFile> {
  const keys = runKeys(runId);
  const board = new ClaimBoard({
    ...{ output, keys, now, submission: 'plan' },
    claimant: randomUUID(),
    host: hostname(),
    nowMs: () => now().getTime(),
  });
  for (;;) {
    signal.throwIfAborted();
    const planned = await readJson(output, keys.run, runFile);
    if (planned !== undefined) return planned;
    await board.look();
    if (board.isFree(PLAN) && (await board.take(PLAN))) break;
    await sleep(LOOK_MS, signal);
  }
  const done = new AbortController();
  // One that cannot be told of costs a second plan at worst.
  const warn = (): void => undefined;
  const beating = keepBeating({ beat: () => board.beat(), sleep, warn }, done.signal);
  try {
    return await plan();
  } finally {
    done.abort();
    await beating;
    await board.releaseAll();
  }
}
