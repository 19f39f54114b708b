import { expect, test } from '@jest/globals';
import { processCount } from '../../src/backend/local.ts';

test.each([
  ['as many as cores', 0, 16_000, 512, 4, 4],
  ['as many as fit into memory', 0, 1600, 512, 4, 3],
  ['as many as asked for', 2, 16_000, 512, 4, 2],
  ['more than cores where asked for', 8, 16_000, 512, 4, 8],
  ['never more than fit into memory', 8, 16_000, 4096, 4, 3],
  ['one at least', 0, 100, 512, 4, 1],
])('%s', (_title, concurrency, availableMiB, memoryMiB, cores, expected) => {
  expect(processCount({ concurrency, availableMiB }, memoryMiB, cores)).toBe(expected);
});
