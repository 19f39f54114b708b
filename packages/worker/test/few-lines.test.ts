import { expect, test } from '@jest/globals';
import type { WorkerEvent } from '@winnow/core';
import { fewLines } from '../src/few-lines.ts';

test('of a shard how it began and ended is printed, and the first notes', () => {
  const printed: WorkerEvent[] = [];
  const log = fewLines((event) => void printed.push(event));
  const note = (n: number): WorkerEvent => ({ event: 'log', level: 'warn', message: String(n) });
  log({ event: 'shard-started', shard: 1 });
  for (let n = 0; n < 1000; n++) {
    log({
      event: 'committed',
      shard: 1,
      unit: n,
      sub: 0,
      last: true,
      records: 1,
      quarantined: 0,
      decoded: 1,
    });
    log({ event: 'progress', shard: 1, records: n, decoded: n, memoryBytes: 1 });
    log(note(n));
  }
  log({ event: 'memory-high', shard: 1, unit: 2, percent: 80, memoryMiB: 4, limitMiB: 5 });
  log({ event: 'shard-ended', shard: 1, exitCode: 0, message: '' });
  expect(printed).toHaveLength(1 + 20 + 1 + 2);
  expect(printed.slice(1, 21)).toEqual(Array.from({ length: 20 }, (_, n) => note(n)));
  expect(printed[21]).toMatchObject({ message: expect.stringContaining('winnow logs') as unknown });
  expect(printed.slice(22).map(({ event }) => event)).toEqual(['memory-high', 'shard-ended']);
  log({ event: 'shard-started', shard: 2 });
  log(note(0));
  expect(printed.at(-1)).toEqual(note(0));
});
