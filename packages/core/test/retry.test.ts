import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { retryDelayMs, retrying, type RetryKind, type RetryTimes } from '../src/retry.ts';

const TIMES: RetryTimes = { attempts: 4, baseMs: 100, capMs: 1000, throttledBaseMs: 400 };

describe('retryDelayMs', () => {
  test.each<[number, Exclude<RetryKind, 'final'>, number]>([
    [1, 'transient', 100],
    [2, 'transient', 200],
    [4, 'transient', 800],
    [5, 'transient', 1000],
    [500, 'transient', 1000],
    [1, 'throttled', 400],
    [2, 'throttled', 800],
    [3, 'throttled', 1000],
  ])('after %d failures, %s: up to %d ms', (failures, kind, most) => {
    expect(retryDelayMs(failures, kind, TIMES, () => 0)).toBe(0);
    expect(retryDelayMs(failures, kind, TIMES, () => 0.5)).toBe(most / 2);
    expect(retryDelayMs(failures, kind, TIMES, () => 1)).toBe(most);
  });

  test('never waits longer than the cap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (failures, draw) => {
          const ms = retryDelayMs(failures, 'throttled', TIMES, () => draw);
          expect(ms).toBeGreaterThanOrEqual(0);
          expect(ms).toBeLessThanOrEqual(TIMES.capMs);
        },
      ),
    );
  });
});

describe('retrying', () => {
  /** Fails with each of these in turn, then works; tells what it waited and how often it was asked. */
  async function run(failures: readonly RetryKind[], signal?: AbortSignal) {
    const waits: number[] = [];
    const before: number[] = [];
    const outcome = await retrying(
      (n) => {
        before.push(n);
        const kind = failures[n];
        return kind === undefined ? Promise.resolve('done') : Promise.reject(new Error(kind));
      },
      {
        times: TIMES,
        waiting: { random: () => 1, sleep: (ms) => Promise.resolve(void waits.push(ms)) },
        kindOf: (error) => (error as Error).message as RetryKind,
        signal,
      },
    ).catch((error: unknown) => (error as Error).message);
    return { outcome, waits, before };
  }

  test.each<[RetryKind[], Awaited<ReturnType<typeof run>>]>([
    [[], { outcome: 'done', waits: [], before: [0] }],
    [['transient'], { outcome: 'done', waits: [100], before: [0, 1] }],
    [['throttled', 'transient'], { outcome: 'done', waits: [400, 200], before: [0, 1, 2] }],
    [['transient', 'final'], { outcome: 'final', waits: [100], before: [0, 1] }],
    [['final'], { outcome: 'final', waits: [], before: [0] }],
    [
      ['transient', 'transient', 'transient', 'transient'],
      { outcome: 'transient', waits: [100, 200, 400], before: [0, 1, 2, 3] },
    ],
  ])('failing with %j', async (failures, expected) => {
    expect(await run(failures)).toEqual(expected);
  });

  test('tries no more once it is told to stop', async () => {
    expect(await run(['transient'], AbortSignal.abort())).toEqual({
      outcome: 'transient',
      waits: [],
      before: [0],
    });
  });
});
