import { describe, expect, test } from '@jest/globals';
import type { InputOutcome } from '../../src/shapes/generation.ts';
import { laterMirrorOutcome, laterOutcome, mergeSorted } from '../../src/commit/close-inputs.ts';
import { makeReport, runState } from '../../src/commit/report.ts';
import { report } from '../../src/shapes/report.ts';
import { Ledger, emptySums, type LedgerSums } from '../../src/ledger/sums.ts';
import { freshMemory } from '../storage/memory-storage.ts';
import { allOf } from './all-of.ts';
import { plannedRun } from './closed-run.ts';

describe('the state of a run', () => {
  const sums = (committed: number, problems: number, refusals: number, quarantined: number) => {
    const { sums: empty } = new Ledger();
    return {
      ...empty,
      units: { total: 2, committed },
      problems: { total: problems, first: [] },
      refusals: { total: refusals },
      records: { ...empty.records, read: 10, quarantined },
    };
  };
  test.each([
    [2, 0, 0, 1, false, 'succeeded'],
    [2, 0, 1, 0, false, 'partial'],
    [2, 0, 0, 2, false, 'partial'],
    [2, 1, 0, 0, false, 'failed'],
    [1, 0, 0, 0, false, 'failed'],
    [1, 0, 0, 0, true, 'cancelled'],
    [2, 0, 0, 0, true, 'succeeded'],
  ])(
    '%d of 2 units, %d problems, %d refusals, %d quarantined, cancelled %s: %s',
    (committed, problems, refusals, quarantined, cancelled, state) => {
      expect(
        runState(sums(committed, problems, refusals, quarantined), {
          maxQuarantined: { records: 1 },
          cancelled,
        }),
      ).toBe(state);
    },
  );

  test('a report is of its shape, and no shard has failed where every unit is committed', async () => {
    const { run } = await plannedRun(freshMemory, { a: 'one' });
    const facts = {
      shards: { total: 3, failed: 1 },
      attempts: { total: 4, interrupted: 1, failed: 2 },
      time: { startedAt: '', endedAt: '', seconds: 1 },
      cost: { estimated: null, actual: null, currency: 'USD', items: [] },
      maxQuarantined: { share: 0.1 },
      cancelled: false,
      problems: ['shard 1: out of memory'],
    };
    const made = makeReport(run, sums(2, 0, 0, 5), facts, { parts: [], refused: [] });
    expect(report.parse(made)).toEqual(made);
    expect(made).not.toHaveProperty('memory');
    const memory = { peakMiB: 300, limitMiB: 512 };
    const withMemory = makeReport(run, sums(2, 0, 0, 5), { ...facts, memory }, { parts: [], refused: [] });
    expect(report.parse(withMemory)).toMatchObject({ memory });
    expect(made).toMatchObject({ state: 'partial', shards: { total: 3, failed: 0 } });
    expect(made.problems).toEqual([
      '5 of 10 records quarantined, 10 % (--max-quarantined) allowed',
      'shard 1: out of memory',
    ]);
    expect(makeReport(run, sums(1, 0, 0, 0), facts, { parts: [], refused: [] }).shards.failed).toBe(1);
  });
});

describe('the problems that a report tells', () => {
  const many = Array.from({ length: 12 }, (_, unit) => unit);
  const problem = { kind: 'records', unit: 0, sub: 0, message: 'a problem' } as const;
  test.each<[string, Partial<LedgerSums>, string[]]>([
    ['one refusal', { refusals: { total: 1 } }, ['1 refusal of inputs: see inputs.refused']],
    ['two refusals', { refusals: { total: 2 } }, ['2 refusals of inputs: see inputs.refused']],
    [
      'the only unit',
      { units: { total: 1, committed: 0 }, missing: { total: 1, first: [0] } },
      ['1 of 1 unit is not committed: 0'],
    ],
    [
      'one unit of three',
      { units: { total: 3, committed: 2 }, missing: { total: 1, first: [2] } },
      ['1 of 3 units is not committed: 2'],
    ],
    [
      'many units',
      { units: { total: 40, committed: 28 }, missing: { total: 12, first: many } },
      ['12 of 40 units are not committed, the first of them: 0, 1, 2, 3, 4, 5, 6, 7, 8, 9'],
    ],
    [
      'one problem beyond those kept',
      { problems: { total: 2, first: [problem] } },
      ['a problem', '1 more problem like these'],
    ],
    [
      'two problems beyond those kept',
      { problems: { total: 3, first: [problem] } },
      ['a problem', '2 more problems like these'],
    ],
    [
      'the only record quarantined',
      { records: { read: 1, written: 0, filtered: 0, quarantined: 1 } },
      ['1 of 1 record quarantined, 0 (--max-quarantined) allowed'],
    ],
    ['nothing', {}, []],
  ])('%s', async (_title, sums, expected) => {
    const { run } = await plannedRun(freshMemory, { a: 'one' });
    const facts = {
      shards: { total: 1, failed: 0 },
      attempts: { total: 1, interrupted: 0, failed: 0 },
      time: { startedAt: '', endedAt: '', seconds: 1 },
      cost: { estimated: null, actual: null, currency: 'USD', items: [] },
      maxQuarantined: { records: 0 },
      cancelled: false,
      problems: [],
    };
    const made = makeReport(run, { ...emptySums(), ...sums }, facts, { parts: [], refused: [] });
    expect(made.problems).toEqual(expected);
  });
});

test('sorted streams merge into one, earlier streams first', async () => {
  const stream = async function* (...items: [number, string][]) {
    await Promise.resolve();
    yield* items;
  };
  const merged = mergeSorted(
    [stream([1, 'a'], [3, 'a']), stream(), stream([1, 'b'], [2, 'b'])],
    ([a], [b]) => a - b,
  );
  expect(await allOf(merged)).toEqual([
    [1, 'a'],
    [1, 'b'],
    [2, 'b'],
    [3, 'a'],
  ]);
});

test('what was written stays written', () => {
  const outcome = (runId: string, of: InputOutcome['outcome']) => ({
    key: 'a',
    size: 1,
    pin: '',
    outcome: of,
    runId,
  });
  const earlier = outcome('0', 'done');
  expect(laterOutcome(earlier, outcome('1', 'refused'))).toBe(earlier);
  expect(laterOutcome(outcome('0', 'refused'), outcome('1', 'done')).runId).toBe('1');
  expect(laterOutcome(outcome('0', 'refused'), outcome('1', 'unread')).runId).toBe('0');
  expect(laterOutcome(outcome('0', 'unread'), outcome('1', 'refused')).runId).toBe('1');
});

describe('what holds of two looks at an input in the layout mirror', () => {
  const look = (runId: string, outcome: InputOutcome['outcome'], facts: Partial<InputOutcome> = {}) => ({
    ...{ key: 'a', size: 1, pin: runId, outcome, runId },
    ...facts,
  });
  const output = 'a.json';
  const [sha256, sha256b] = ['0'.repeat(64), '1'.repeat(64)];
  const done = look('0', 'done', { output, sha256 });
  const unread = look('1', 'unread', { output, unsettled: true });
  const damaged = look('1', 'refused', { output });
  test.each<[string, InputOutcome, InputOutcome, InputOutcome]>([
    [
      'replaced',
      done,
      look('1', 'done', { output, sha256: sha256b }),
      look('1', 'done', { output, sha256: sha256b }),
    ],
    [
      'replaced by what was good',
      done,
      look('1', 'refused', { output, sha256: sha256b }),
      look('1', 'refused', { output, sha256: sha256b }),
    ],
    [
      'settled at last',
      { ...done, unsettled: true },
      look('1', 'done', { output, sha256 }),
      look('1', 'done', { output, sha256 }),
    ],
    ['changed while it was done again', done, unread, { ...done, unsettled: true }],
    ['not there when it was listed again', done, look('1', 'unread'), done],
    ['damaged from its first byte by now', done, damaged, { ...damaged, sha256 }],
    [
      'damaged by now, and unsettled before',
      { ...done, unsettled: true },
      damaged,
      { ...damaged, sha256, unsettled: true },
    ],
    ['unread twice', look('0', 'unread', { output, unsettled: true }), unread, unread],
    ['unread, then not there', look('0', 'unread', { output, unsettled: true }), look('1', 'unread'), unread],
    ['without a name twice', look('0', 'refused'), look('1', 'refused'), look('1', 'refused')],
  ])('%s', (_title, earlier, later, expected) => {
    expect(laterMirrorOutcome(earlier, later)).toEqual(expected);
  });
});
