import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ACT_KINDS, drawScenario } from './scenario.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe('the scenario of a seed', () => {
  test('is the same each time, and another one for another seed', () => {
    fc.assert(
      fc.property(seeds, seeds, (seed, other) => {
        expect(drawScenario(seed)).toEqual(drawScenario(seed));
        if (seed !== other) expect(drawScenario(seed).acts).not.toEqual(drawScenario(other).acts);
      }),
    );
  });

  test('comes to an end, waits never long, and fills a disk only where there is one', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { acts, concurrency, smallDisk } = drawScenario(seed);
        expect(acts.length).toBeGreaterThanOrEqual(30);
        expect(acts.length).toBeLessThan(60);
        expect([2, 3, 4]).toContain(concurrency);
        for (const { kind, amidWork, afterMs, holdMs, victim } of acts) {
          if (kind.includes('worker') || kind === 'late-writer') expect(amidWork).toBe(true);
          expect(afterMs).toBeGreaterThanOrEqual(0);
          expect(afterMs + holdMs).toBeLessThan(kind === 'late-twin' ? 14_000 : 6000);
          expect(Number.isInteger(victim) && victim >= 0).toBe(true);
          if (!smallDisk) expect(kind).not.toBe('fill-disk');
        }
      }),
    );
  });

  test('has, over a few seeds, everything that may happen', () => {
    const scenarios = Array.from({ length: 40 }, (_, seed) => drawScenario(seed + 1));
    const kinds = new Set(scenarios.flatMap(({ acts }) => acts.map(({ kind }) => kind)));
    expect([...kinds].sort()).toEqual([...ACT_KINDS].sort());
    expect(new Set(scenarios.map(({ layout }) => layout)).size).toBe(2);
    expect(new Set(scenarios.map(({ faultOneIn }) => faultOneIn)).size).toBe(4);
    expect(new Set(scenarios.map(({ smallDisk }) => smallDisk)).size).toBe(2);
  });
});
