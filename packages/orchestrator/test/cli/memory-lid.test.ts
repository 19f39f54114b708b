import { expect, test } from '@jest/globals';
import { MemoryLid } from '../../src/cli/memory-lid.ts';

const MB = 1e6;
const usage = (rss: number, heapUsed: number, external: number) => ({
  ...{ rss: rss * MB, heapUsed: heapUsed * MB, external: external * MB },
});

test('a collection is due when garbage piles up in a process that is not small', () => {
  const lid = new MemoryLid();
  expect(lid.isDue(usage(130, 60, 40))).toBe(false);
  expect(lid.isDue(usage(150, 10, 10))).toBe(false);
  expect(lid.isDue(usage(150, 20, 10))).toBe(true);
  lid.collected(usage(150, 40, 20));
  expect(lid.isDue(usage(300, 60, 20))).toBe(false);
  expect(lid.isDue(usage(150, 60, 26))).toBe(true);
});
