import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createRandom } from '../../src/sample/random.ts';
import { drawFault, FAULTS_OF, FAULTY_CALLS } from './fault-draw.ts';

describe('what befalls a call', () => {
  test('hangs on the seed alone, and suits the call', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(...FAULTY_CALLS),
        fc.integer({ min: 1, max: 5 }),
        (seed, call, oneIn) => {
          const draw = () => {
            const random = createRandom(seed);
            return Array.from({ length: 50 }, () => drawFault(random, call, oneIn));
          };
          expect(draw()).toEqual(draw());
          for (const fault of draw()) if (fault !== undefined) expect(FAULTS_OF[call]).toContain(fault);
        },
      ),
    );
  });

  test('comes about once in so many times, and never for 0', () => {
    const random = createRandom(1);
    const drawn = Array.from({ length: 20_000 }, () => drawFault(random, 'link', 100));
    const faults = drawn.filter((fault) => fault !== undefined);
    expect(faults.length).toBeGreaterThan(150);
    expect(faults.length).toBeLessThan(250);
    expect(new Set(faults)).toEqual(new Set(FAULTS_OF.link));
    expect(drawFault(random, 'link', 0)).toBeUndefined();
  });
});
