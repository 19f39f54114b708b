import { expect, test } from '@jest/globals';
import { MAX_PART_BYTES, MAX_PARTS, MIN_PART_BYTES, partBytes } from '../../../src/storage/s3/part-size.ts';

const TIB = 2 ** 40;

test('parts keep to the limits of S3, and 10,000 of them hold the largest object that a plan may make', () => {
  let sum = 0;
  for (let before = 0; before < MAX_PARTS; before++) {
    const bytes = partBytes(before);
    expect(bytes).toBeGreaterThanOrEqual(MIN_PART_BYTES);
    expect(bytes).toBeLessThanOrEqual(MAX_PART_BYTES);
    sum += bytes;
  }
  expect(sum).toBeGreaterThan(5 * TIB);
});

test('parts of objects up to some gigabytes stay small: they are held in memory', () => {
  expect(partBytes(0)).toBe(8 * 2 ** 20);
  expect(partBytes(999)).toBe(8 * 2 ** 20);
  expect(partBytes(1000)).toBe(16 * 2 ** 20);
});
