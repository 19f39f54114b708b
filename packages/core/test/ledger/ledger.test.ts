import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sumLedger } from '../../src/ledger/sum-ledger.ts';
import { unitProgress } from '../../src/ledger/unit-progress.ts';
import { isCommitted } from '../../src/ledger/entries.ts';
import { InputFold } from '../../src/ledger/input-outcomes.ts';
import { compareKeys } from '../../src/key-order.ts';
import { orderedAhead } from '../../src/ledger/ordered-ahead.ts';
import { runKeys } from '../../src/run-keys.ts';
import type { Receipt } from '../../src/shapes/receipt.ts';
import type { Unit } from '../../src/shapes/unit.ts';
import { allOf } from '../commit/all-of.ts';
import { plannedRun } from '../commit/closed-run.ts';
import { makeSubUnit } from '../commit/small-run.ts';
import { REAL, work } from '../commit/toy-command.ts';
import { freshMemory } from '../storage/memory-storage.ts';
import { readUnits } from '../../src/commit/run-file.ts';

test('keys are ordered by their UTF-8 bytes', () => {
  const keys = ['b', 'a', '\u{1F600}', '\uFFFD', 'é', 'a/b', 'a-b'];
  expect(keys.sort(compareKeys)).toEqual(['a', 'a-b', 'a/b', 'b', 'é', '\uFFFD', '\u{1F600}']);
});

test('reading ahead keeps the order and never runs too far', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(9)), fc.integer({ min: 1, max: 5 }), async (turns, ahead) => {
      let underWay = 0;
      const source = async function* () {
        for (const [index, turn] of turns.entries()) {
          await Promise.resolve();
          yield { index, turn };
        }
      };
      const map = async ({ index, turn }: { index: number; turn: number }) => {
        underWay++;
        expect(underWay).toBeLessThanOrEqual(ahead);
        for (let n = 0; n < turn; n++) await Promise.resolve();
        underWay--;
        return index;
      };
      expect(await allOf(orderedAhead(source(), ahead, map))).toEqual(turns.map((_, index) => index));
    }),
  );
});

describe('what is committed', () => {
  test('is found unit by unit and for all at once', async () => {
    const { storage, run } = await plannedRun(freshMemory, {
      a: 'one',
      b: 'x',
      c: 'two',
      big1: 'one two three',
      big2: 'four',
    });
    const keys = runKeys(run.runId);
    await work(storage, run, 0, 1, 1);
    await work(storage, run, 0, 3, 1);
    const [big] = await allOf(readUnits(storage, run, 2, 1));
    await REAL.commit(storage, keys, await makeSubUnit(storage, run, big!, 0));
    const { sums, isCommitted } = await sumLedger(storage, run);
    expect([0, 1, 2, 3].map(isCommitted)).toEqual([false, true, false, true]);
    expect(sums.units).toEqual({ total: 4, committed: 2 });
    expect(await unitProgress(storage, keys, 0)).toEqual({ subUnits: 0, committed: false, decodedEnd: 0 });
    expect(await unitProgress(storage, keys, 2)).toEqual({ subUnits: 1, committed: false, decodedEnd: 2 });
    expect(await unitProgress(storage, keys, 3)).toMatchObject({ subUnits: 1, committed: true });
  });

  test.each([
    [[], false],
    [['0'], false],
    [['0!'], true],
    [['0', '1!'], true],
    [['1!'], false],
    [['0', '2!'], false],
  ])('receipts %j: %s', (names, expected) => {
    const receipts = names.map((name) => ({ sub: parseInt(name), last: name.endsWith('!') }) as Receipt);
    expect(isCommitted(receipts)).toBe(expected);
  });
});

test('an input that was not there or not to be had is unread: it may be taken up later', () => {
  const fold = new InputFold();
  const whole = (key: string, refused: object[], subUnits = 1) =>
    fold.add({
      unit: { unit: 0, inputs: [{ key, size: 9, pin: '' }] } as Unit,
      receipts: Array.from({ length: subUnits }, () => ({ refused, parts: [] }) as unknown as Receipt),
      committed: true,
      problems: [],
    });
  const states = [
    ...whole('a', [{ input: 'a', reason: 'vanished', offset: 0 }]),
    ...whole('b', [{ input: 'b', reason: 'truncated', offset: 0 }]),
    ...whole('c', [{ input: 'c', reason: 'changed', offset: 5 }]),
    ...whole('d', [{ input: 'd', reason: 'changed', offset: 0 }], 2),
  ];
  expect(states.map(({ state }) => state)).toEqual(['unread', 'refused', 'refused', 'refused']);
});

test('ranges of one input are one input, as bad as the worst of them', () => {
  const fold = new InputFold();
  const range = (key: string, start: number, committed: boolean, refused: boolean) =>
    fold.add({
      unit: { unit: 0, inputs: [{ key, size: 9, pin: '' }], range: { start, end: start + 1 } } as Unit,
      receipts: [{ parts: [], refused: refused ? [{ input: key }] : [] } as unknown as Receipt],
      committed,
      problems: [],
    });
  const states = [
    ...range('a', 0, true, false),
    ...range('a', 1, true, true),
    ...range('a', 2, true, false),
    ...range('b', 0, true, true),
    ...range('b', 1, false, false),
    ...range('c', 0, true, false),
    ...fold.end(),
  ];
  expect(states.map(({ input, state }) => [input.key, state])).toEqual([
    ['a', 'refused'],
    ['b', 'open'],
    ['c', 'done'],
  ]);
});
