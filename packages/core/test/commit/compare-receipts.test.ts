import { describe, expect, test } from '@jest/globals';
import { compareReceipts, refusalSuffix } from '../../src/commit/compare-receipts.ts';
import type { Receipt } from '../../src/shapes/receipt.ts';
import { REFUSAL_REASONS } from '../../src/shapes/refusal.ts';
import type { Refusal } from '../../src/shapes/refusal.ts';
import { toyPlan, toyResult, toyRun } from './small-run.ts';

const { units, classes } = toyPlan([
  { key: 'a', size: 3, pin: '' },
  { key: 'b', size: 3, pin: '' },
]);
const run = toyRun(units, classes);
const made = (refused: Refusal[] = [], words = ['one', 'two']): Receipt =>
  toyResult(run, units[0]!, 0, words, refused, true).receipt;
const refusal = (reason: Refusal['reason'], input = 'a', facts: Partial<Refusal> = {}): Refusal => ({
  input,
  reason,
  offset: 0,
  bytes: 3,
  detail: '',
  ...facts,
});

describe('two receipts of one sub-unit', () => {
  const rows: [string, Receipt, Receipt, 'equal' | 'refusals' | 'conflict'][] = [
    ['the same', made(), made(), 'equal'],
    ['other counts without refusals', made(), made([], ['one']), 'conflict'],
    ['vanished for one of them', made(), made([refusal('vanished')], ['two']), 'refusals'],
    [
      'changed for one, vanished for the other',
      made([refusal('changed')]),
      made([refusal('vanished')]),
      'refusals',
    ],
    ['denied for one of them', made(), made([refusal('denied')]), 'refusals'],
    [
      'the same vanished, other counts',
      made([refusal('vanished')]),
      made([refusal('vanished')], ['x']),
      'conflict',
    ],
    ['truncated for one of them only', made(), made([refusal('truncated')]), 'conflict'],
    [
      'truncated at another offset',
      made([refusal('truncated')]),
      made([refusal('truncated', 'a', { offset: 1 })]),
      'conflict',
    ],
    [
      'truncated for one, vanished for the other',
      made([refusal('truncated')]),
      made([refusal('vanished')]),
      'refusals',
    ],
    [
      'one vanished, and another truncated for both',
      made([refusal('corrupt', 'b')]),
      made([refusal('vanished'), refusal('corrupt', 'b')]),
      'refusals',
    ],
    [
      'one vanished, and another truncated for one only',
      made(),
      made([refusal('vanished'), refusal('corrupt', 'b')]),
      'conflict',
    ],
    ['another sub-unit', made(), { ...made([refusal('vanished')]), sub: 1 }, 'conflict'],
    [
      'other planned bytes',
      made(),
      { ...made([refusal('vanished')]), bytes: { ...made().bytes, planned: 7 } },
      'conflict',
    ],
    [
      'an end for one, more to come for the other',
      { ...made(), last: false },
      made([refusal('vanished')]),
      'refusals',
    ],
  ];
  test.each(rows)('%s', (_title, a, b, expected) => {
    expect(compareReceipts(a, b)).toBe(expected);
    expect(compareReceipts(b, a)).toBe(expected);
  });

  test('keys in another order are equal', () => {
    expect(compareReceipts(made(), Object.fromEntries(Object.entries(made()).reverse()) as Receipt)).toBe(
      'equal',
    );
  });
});

describe('the suffix of names', () => {
  test.each(REFUSAL_REASONS)('%s', (reason) => {
    const varies = ['vanished', 'changed', 'denied', 'unreadable'].includes(reason);
    expect(refusalSuffix([refusal(reason)])).toMatch(varies ? /^-r[0-9a-f]{8}$/ : /^$/);
  });

  test('follows from what was refused, not from its order or wording', () => {
    const both = [refusal('vanished', 'a'), refusal('changed', 'b')];
    expect(refusalSuffix(both)).toBe(refusalSuffix([...both].reverse()));
    expect(refusalSuffix(both)).toBe(refusalSuffix(both.map((one) => ({ ...one, detail: 'other words' }))));
    expect(refusalSuffix(both)).not.toBe(refusalSuffix(both.slice(1)));
    expect(refusalSuffix([refusal('changed')])).not.toBe(
      refusalSuffix([refusal('changed', 'a', { offset: 9 })]),
    );
    expect(refusalSuffix([])).toBe('');
    // Of the same name in two runs, whose inputs a redrive reads again.
    const ofRuns = ['0000-ab', '0001-cd'].map((run) => refusal('changed', 'a', { run }));
    expect(new Set([refusal('changed'), ...ofRuns].map((one) => refusalSuffix([one]))).size).toBe(3);
    expect(refusalSuffix(ofRuns)).toBe(refusalSuffix([...ofRuns].reverse()));
  });
});
