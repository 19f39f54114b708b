import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { forwardClock } from '../src/forward-clock.ts';

const HOUR = 3_600_000;

/** What is told after each step, beside the machine's clock at the beginning. */
function told(steps: readonly (readonly [steadyMs: number, wallMs: number])[]): number[] {
  let [wall, steady] = [1_000_000_000, 7];
  const now = forwardClock(
    () => wall,
    () => steady,
  );
  const begin = wall;
  return steps.map(([steadyStep, wallStep]) => {
    steady += steadyStep;
    wall += wallStep;
    return now().getTime() - begin;
  });
}

test.each<[string, [number, number][], number[]]>([
  [
    'as the machine says',
    [
      [10, 10],
      [0, 0],
      [5, 5],
    ],
    [10, 10, 15],
  ],
  [
    'an hour back: it goes on from where it was',
    [
      [10, 10],
      [10, 10 - HOUR],
      [10, 10],
    ],
    [10, 20, 30],
  ],
  [
    'an hour back and set right again',
    [
      [10, 10 - HOUR],
      [10, 10 + HOUR],
      [10, 10],
    ],
    [10, 20, 30],
  ],
  [
    'an hour on',
    [
      [10, 10 + HOUR],
      [10, 10],
    ],
    [10 + HOUR, 20 + HOUR],
  ],
  [
    'a machine that slept: its own clock knows',
    [
      [0, HOUR],
      [10, 10],
    ],
    [HOUR, HOUR + 10],
  ],
])('%s', (_, steps, expected) => {
  expect(told(steps)).toEqual(expected);
});

test('however it is set, time passes, and never more slowly than it does', () => {
  const step = fc.tuple(fc.nat(1000), fc.integer({ min: -HOUR, max: HOUR }));
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const times = [0, ...told(steps)];
      steps.forEach(([steady], index) =>
        expect(times[index + 1]! - times[index]!).toBeGreaterThanOrEqual(steady),
      );
    }),
  );
});
