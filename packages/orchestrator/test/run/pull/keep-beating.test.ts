import { expect, test } from '@jest/globals';
import { STALE_MS } from '../../../src/run/pull/claim-board.ts';
import { keepBeating } from '../../../src/run/pull/keep-beating.ts';

test('beats after each sleep, goes on after a beat that failed, and ends with the signal without another beat', async () => {
  const end = new AbortController();
  const told: string[] = [];
  let sleeps = 0;
  let beats = 0;
  await keepBeating(
    {
      beat: () => {
        beats++;
        return beats === 2 ? Promise.reject(new Error('no answer')) : Promise.resolve();
      },
      // As a sleep does that is cut short.
      sleep: () => {
        sleeps++;
        if (sleeps < 5) return Promise.resolve();
        end.abort();
        return Promise.reject(new Error('aborted'));
      },
      warn: (error) => void told.push(String(error)),
    },
    end.signal,
  );
  expect([sleeps, beats, told]).toEqual([5, 4, ['Error: no answer']]);
});

test('beats long before others take a claim for left behind', async () => {
  const end = new AbortController();
  let slept = 0;
  const sleep = (ms: number): Promise<void> => {
    slept = ms;
    end.abort();
    return Promise.resolve();
  };
  await keepBeating({ beat: () => Promise.resolve(), sleep, warn: () => undefined }, end.signal);
  expect(slept).toBeGreaterThan(0);
  expect(slept * 3).toBeLessThan(STALE_MS);
});
