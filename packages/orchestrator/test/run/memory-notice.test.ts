import { expect, test } from '@jest/globals';
import { MemoryNotice } from '../../src/run/memory-notice.ts';

const high = (percent: number, unit: number, limitMiB = 512) =>
  ({ kind: 'memory-high', shard: 0, unit, percent, memoryMiB: 420, limitMiB }) as const;

test('each share is told once, however many processes come to it', () => {
  const notice = new MemoryNotice();
  expect(notice.see({ kind: 'shard-started', shard: 0 })).toBeUndefined();
  expect(notice.see(high(80, 3))).toBe(
    'a process came to 80 % of its memory in unit 3: 420 of 512 MiB; should it fail it is tried again with ' +
      '1024 MiB, which --memory 1024MiB gives it at once',
  );
  expect(notice.see(high(80, 4))).toBeUndefined();
  expect(notice.see(high(90, 5))).toMatch(/90 % .* unit 5/);
  expect(notice.see(high(90, 3))).toBeUndefined();
});

test('beyond the largest class twice as much is named', () => {
  expect(new MemoryNotice().see(high(80, 0, 30_720))).toMatch(/--memory 61440MiB/);
});
