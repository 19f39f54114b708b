import { describe, expect, test } from '@jest/globals';
import { RequestPace } from '../../../src/backend/aws-batch/request-pace.ts';

/** A clock that waits move on. */
function clock() {
  let now = 0;
  return {
    now: () => now,
    sleep: (ms: number) => Promise.resolve(void (now += ms)),
    pass: (ms: number) => (now += ms),
  };
}

describe('the pace of calls', () => {
  test('lets a burst go at once, then so many a second', async () => {
    const { now, sleep } = clock();
    const pace = new RequestPace({ perSecond: 5, burst: 10 }, now, sleep);
    for (let call = 0; call < 10; call++) await pace.take();
    expect(now()).toBe(0);
    for (let call = 0; call < 50; call++) await pace.take();
    expect(now()).toBeGreaterThanOrEqual(10_000 - 1);
    expect(now()).toBeLessThan(10_100);
  });

  test('saves up no more than a burst', async () => {
    const { now, sleep, pass } = clock();
    const pace = new RequestPace({ perSecond: 5, burst: 3 }, now, sleep);
    pass(3_600_000);
    for (let call = 0; call < 3; call++) await pace.take();
    expect(now()).toBe(3_600_000);
    await pace.take();
    expect(now()).toBeGreaterThanOrEqual(3_600_200);
  });

  test('halves when throttled, never to nothing, and comes back with answers', async () => {
    const { now, sleep } = clock();
    const pace = new RequestPace({ perSecond: 4, burst: 10 }, now, sleep);
    pace.throttled();
    expect(pace.perSecond).toBe(2);
    await pace.take();
    expect(now()).toBe(500);
    for (let n = 0; n < 50; n++) pace.throttled();
    expect(pace.perSecond).toBe(0.2);
    for (let n = 0; n < 1000; n++) pace.answered();
    expect(pace.perSecond).toBe(4);
  });

  test('serves those that wait in the order they came', async () => {
    const { now, sleep } = clock();
    const pace = new RequestPace({ perSecond: 1, burst: 1 }, now, sleep);
    const served: number[] = [];
    await Promise.all([0, 1, 2, 3].map((n) => pace.take().then(() => served.push(n))));
    expect(served).toEqual([0, 1, 2, 3]);
  });
});
