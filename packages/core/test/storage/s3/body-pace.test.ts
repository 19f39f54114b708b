import { describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { paced, type PaceLimits } from '../../../src/storage/s3/body-pace.ts';

const LIMITS: PaceLimits = { stallMs: 60_000, slowBytes: 100, slowMs: 1000 };

/** Takes chunks of 10 bytes, each of which comes after some milliseconds of a clock that nobody waits for. */
async function take(waits: readonly number[], own: number): Promise<number | string> {
  let now = 0;
  const body = (async function* () {
    for (const ms of waits) {
      now += ms;
      yield await Promise.resolve(new Uint8Array(10));
    }
  })();
  let bytes = 0;
  try {
    for await (const chunk of paced(
      body,
      LIMITS,
      () => now,
      () => undefined,
    )) {
      bytes += chunk.length;
      now += own;
    }
    return bytes;
  } catch (error) {
    return (error as Error).message;
  }
}

describe('the pace of a body', () => {
  test.each<[string, number[], number, number | string]>([
    ['fast', Array<number>(50).fill(1), 0, 500],
    ['just fast enough', Array<number>(50).fill(90), 0, 500],
    ['slow', Array<number>(50).fill(200), 0, '60 bytes in 1200 ms'],
    [
      'slow after a fast beginning',
      [...Array<number>(20).fill(1), ...Array<number>(50).fill(300)],
      0,
      '40 bytes in 1200 ms',
    ],
    ['slow only because of its reader', Array<number>(50).fill(1), 10_000, 500],
  ])('%s', async (_, waits, own, expected) => {
    expect(await take(waits, own)).toBe(expected);
  });

  test('ends a body that stalls, and says so to it', async () => {
    const told: string[] = [];
    const body = (async function* () {
      yield new Uint8Array(1);
      await sleep(60_000, undefined, { ref: false });
      yield new Uint8Array(1);
    })();
    const reading = (async () => {
      for await (const _ of paced(
        { [Symbol.asyncIterator]: () => ({ next: () => body.next() }) },
        { ...LIMITS, stallMs: 5 },
        () => 0,
        (reason) => told.push(reason.message),
      ));
    })();
    await expect(reading).rejects.toMatchObject({ name: 'TimeoutError', message: 'nothing came for 5 ms' });
    expect(told).toEqual(['nothing came for 5 ms']);
  });
});
