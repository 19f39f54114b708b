import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RunBudget } from '../../../src/run/arrays/run-budget.ts';

test.each<[number, number, number[], number]>([
  [10, 0, [4, 4, 4], 2],
  [10, 0, [4, 4, 2], 3],
  [10, 7, [4, 1], 0],
  [10, 10, [0.1], 0],
  [10, 11, [0], 0],
  [0, 0, [1], 0],
  [10, 0, [], 0],
])('with %d allowed and %d spent, of shards at %j %d are affordable', (maxCost, spent, costs, count) => {
  expect(new RunBudget(maxCost, spent).affords(costs)).toBe(count);
});

test('what is under way counts as estimated, what has ended as it came out', () => {
  const budget = new RunBudget(10, 1);
  budget.submitted(0, 8);
  expect(budget.affords([1, 1])).toBe(1);
  budget.ended(0, 2);
  expect(budget.spent).toBe(3);
  expect(budget.affords([4, 4])).toBe(1);
});

test('what is submitted within it never adds up to more', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 9, noNaN: true })),
      (maxCost, costs) => {
        const budget = new RunBudget(maxCost, 0);
        let sum = 0;
        for (const [submission, cost] of costs.entries()) {
          if (budget.affords([cost]) === 0) continue;
          budget.submitted(submission, cost);
          sum += cost;
        }
        expect(sum).toBeLessThanOrEqual(maxCost * (1 + 1e-12));
      },
    ),
  );
});
