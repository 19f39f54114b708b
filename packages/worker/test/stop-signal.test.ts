import { expect, test } from '@jest/globals';
import { WORKER_EXIT } from '@winnow/core';
import { StopSignal } from '../src/stop-signal.ts';
import { EXIT_INTERRUPTED } from '../src/take-signals.ts';

test.each([
  [100, 0, false, false],
  [100, 69_999, false, false],
  [100, 70_000, true, false],
  [100, 89_999, true, false],
  [100, 90_000, true, true],
  [0, 0, true, true],
])(
  'of %d s until it is killed, %d ms are over: left in hand %p, left altogether %p',
  (grace, ms, due, over) => {
    let now = 7;
    const stop = new StopSignal(() => now);
    // It may come before the environment is read.
    stop.request();
    stop.graceSeconds = grace;
    now += ms;
    expect([stop.requested, stop.isDue, stop.isOver]).toEqual([true, due, over]);
    // A later word changes nothing.
    stop.request();
    expect([stop.isDue, stop.isOver]).toEqual([due, over]);
  },
);

test('nothing ends that nobody asked to', () => {
  const stop = new StopSignal(() => Infinity);
  stop.graceSeconds = 0;
  expect([stop.requested, stop.isDue, stop.isOver]).toEqual([false, false, false]);
});

test('the code of what was interrupted is that of the contract', () => {
  expect(EXIT_INTERRUPTED).toBe(WORKER_EXIT.again);
});
