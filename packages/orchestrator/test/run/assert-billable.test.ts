import { describe, expect, test } from '@jest/globals';
import type { Capacity } from '@winnow/core';
import { assertBillable } from '../../src/run/run.ts';

const billedAs = (queue: Capacity | undefined, fallback = queue) => ({
  billed: (isFallback: boolean) => ({ capacity: isFallback ? fallback : queue }),
});

describe('--max-cost', () => {
  test.each<[Capacity | undefined, Capacity | undefined]>([
    ['ec2', 'ec2'],
    ['fargate-spot', 'ec2'],
    ['ec2', 'fargate'],
  ])('is refused on %s with %s to fall back to: machines are billed there', (queue, fallback) => {
    expect(() => assertBillable({ maxCost: 5 }, billedAs(queue, fallback))).toThrow(
      '--max-cost must be left out on EC2: its machines are billed, not containers',
    );
    expect(() => assertBillable({ maxCost: undefined }, billedAs(queue, fallback))).not.toThrow();
  });

  test.each<[Capacity | undefined]>([['fargate'], ['fargate-spot'], [undefined]])(
    'is taken on %s',
    (queue) => {
      expect(() => assertBillable({ maxCost: 5 }, billedAs(queue))).not.toThrow();
    },
  );
});
