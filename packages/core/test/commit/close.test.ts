import { describe, expect, test } from '@jest/globals';
import type { InputOutcome } from '../../src/shapes/generation.ts';
import {
  allOutcomes,
  laterMirrorOutcome,
  laterOutcome,
  mergeSorted,
  readInputs,
} from '../../src/commit/close-inputs.ts';
import { readSuccess } from '../../src/commit/generations.ts';
import { readJson } from '../../src/commit/objects.ts';
import { makeReport, runState } from '../../src/commit/report.ts';
import { ReportList } from '../../src/commit/report-list.ts';
import { emptyPartKey, partKey, runIdOf, runKeys } from '../../src/run-keys.ts';
import { REPORT_LIST_ENTRIES, report } from '../../src/shapes/report.ts';
import { Ledger } from '../../src/ledger/sums.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { allOf } from './all-of.ts';
import { closedRun, plannedRun, sourceOf } from './closed-run.ts';
import { plainCodec } from './plain-codec.ts';
import { SOURCE, SPEC_HASH } from './small-run.ts';
import { planCommand, runCommand, toyClose, work } from './toy-command.ts';

const TEXTS = { a: 'one x', b: 'two', c: 'three', big: 'four five six', é: 'seven' };

describe('the close', () => {
  test('sums, reports and names the generation', async () => {
    const { storage, run } = await closedRun(TEXTS);
    const found = (await readJson(storage, runKeys(run.runId).report, report))!;
    expect(found).toMatchObject({
      state: 'succeeded',
      balanced: true,
      records: { read: 8, written: 7, filtered: 0, quarantined: 1 },
      inputs: { total: 5, done: 5, refused: [] },
      units: { total: 3, committed: 3 },
      quarantine: [{ reason: 'bad-word', records: 1 }],
      problems: [],
    });
    expect(found.parts.map(({ unit, sub, rows }) => [unit, sub, rows])).toEqual([
      [0, 0, 2],
      [1, 0, 2],
      [2, 0, 2],
      [2, 1, 1],
    ]);
    expect(await readSuccess(storage)).toBe(0);
    const inputs = await allOf(readInputs(storage, run.runId, plainCodec));
    expect(inputs.map(({ key, outcome }) => [key, outcome])).toEqual([
      ['a', 'done'],
      ['b', 'done'],
      ['big', 'done'],
      ['c', 'done'],
      ['é', 'done'],
    ]);
  });

  test('changes nothing when repeated', async () => {
    const { storage, run } = await closedRun(TEXTS);
    const before = new Map(
      [...storage.contents.objects].map(([key, { bytes }]) => [key, Buffer.from(bytes).toString()]),
    );
    await toyClose(storage, run);
    expect(
      new Map([...storage.contents.objects].map(([key, { bytes }]) => [key, Buffer.from(bytes).toString()])),
    ).toEqual(before);
  });

  test('leaves an unfinished run open, and its parts alone', async () => {
    const { storage, run } = await plannedRun(TEXTS);
    await work(storage, run, 0, 0, 1);
    const early = partKey(run.runId, 1, 0, 'parquet');
    const loser = partKey(run.runId, 0, 0, 'parquet', '-r01234567');
    for (const key of [early, loser]) await storage.replace(key, Buffer.from('[]'));
    for (const cancelled of [false, true]) {
      const found = await toyClose(storage, run, cancelled);
      expect(found).toMatchObject({
        state: cancelled ? 'cancelled' : 'failed',
        balanced: false,
        inputs: { done: 2 },
      });
      expect(found.problems).toEqual(['2 of 3 units are not committed, the first of them: 1, 2']);
    }
    expect(storage.contents.objects.has(early)).toBe(true);
    expect(storage.contents.objects.has(loser)).toBe(false);
    expect(await readSuccess(storage)).toBeUndefined();
    expect(storage.contents.objects.has(runKeys(run.runId).ledger)).toBe(false);
  });

  test('takes away what losers left, plans of other planners too', async () => {
    const { storage, run } = await closedRun(TEXTS);
    const keys = runKeys(run.runId);
    const left = [
      partKey(run.runId, 0, 0, 'parquet', '-r01234567'),
      partKey(run.runId, 2, 7, 'parquet'),
      keys.quarantine(1, 0),
      keys.planObject('cd'.repeat(32), 0),
    ];
    const others = ['part-0001-abababab-000000-0000.parquet', 'part-mine.parquet', 'notes.txt'];
    for (const key of [...left, ...others]) await storage.replace(key, Buffer.from('[]'));
    expect(await runCommand(storage)).toBe('nothing');
    expect(left.filter((key) => storage.contents.objects.has(key))).toEqual([]);
    expect(others.filter((key) => storage.contents.objects.has(key))).toEqual(others);
  });

  test('gives a run without rows its one empty part', async () => {
    const { storage, run } = await closedRun({ a: '', b: 'x' });
    const found = await readJson(storage, runKeys(run.runId).report, report);
    expect(found?.parts).toMatchObject([
      { uri: `memory:/${emptyPartKey(run.runId, 'parquet')}`, rows: 0, bytes: 2 },
    ]);
    expect([...storage.contents.objects.keys()].filter((key) => key.startsWith('part-'))).toHaveLength(1);
  });

  test('a refused input makes the run partial, and is done again by no later generation', async () => {
    const { storage, run } = await plannedRun(TEXTS);
    await storage.remove(`${SOURCE}b`);
    expect(await runCommand(storage)).toBe('ran');
    const found = await readJson(storage, runKeys(run.runId).report, report);
    expect(found).toMatchObject({
      state: 'partial',
      inputs: { done: 4, refused: [{ input: 'b', reason: 'vanished' }] },
    });
    expect(found?.problems).toEqual(['1 refusals of inputs: see inputs.refused']);
    expect(await runCommand(storage)).toBe('nothing');
  });

  test('new inputs become the next generation, which carries the outcomes forward', async () => {
    const { storage } = await closedRun({ b: 'one' });
    await storage.replace(`${SOURCE}a`, Buffer.from('two'));
    await storage.replace(`${SOURCE}big`, Buffer.from('three'));
    expect(await runCommand(storage)).toBe('ran');
    const [first, second] = [runIdOf(0, SPEC_HASH), runIdOf(1, SPEC_HASH)];
    const inputs = await allOf(readInputs(storage, second, plainCodec));
    expect(inputs.map(({ key, runId }) => [key, runId])).toEqual([
      ['a', second],
      ['b', first],
      ['big', second],
    ]);
    expect(await readSuccess(storage)).toBe(1);
  });

  test('a late close of the generation before does not bring its _SUCCESS back', async () => {
    const { storage, run } = await closedRun({ b: 'one' });
    await storage.replace(`${SOURCE}a`, Buffer.from('two'));
    await runCommand(storage);
    await toyClose(storage, run);
    expect(await readSuccess(storage)).toBe(1);
  });

  test('nor does it while the next one is under way', async () => {
    const { storage, run } = await closedRun({ b: 'one' });
    await storage.replace(`${SOURCE}a`, Buffer.from('two'));
    const next = await planCommand(storage);
    await work(storage, next!, 0, 0, 1);
    expect(await readSuccess(storage)).toBeUndefined();
    await toyClose(storage, run);
    expect(await readSuccess(storage)).toBeUndefined();
  });

  test("another tool's _SUCCESS gives way", async () => {
    const storage = await sourceOf({ a: 'one' });
    await storage.replace('_SUCCESS', new Uint8Array());
    await runCommand(storage);
    expect(await readSuccess(storage)).toBe(0);
  });
});

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
    const { run } = await plannedRun({ a: 'one' });
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

test('a list of the report holds so many entries, the rest stands beside it', async () => {
  const storage = new MemoryStorage();
  const keys = runKeys('0000-abababab');
  const list = new ReportList<number>('parts', plainCodec);
  for (let n = 0; n < REPORT_LIST_ENTRIES + 2; n++) await list.add(n);
  await list.writeRest(storage, keys);
  expect(list.entries).toHaveLength(REPORT_LIST_ENTRIES);
  expect(await allOf(plainCodec.lines(storage.read(keys.list('parts'))))).toEqual(['1000', '1001']);
  await new ReportList<number>('parts', plainCodec).writeRest(storage, keys);
  expect(await storage.stat(keys.list('parts'))).toBeUndefined();
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

test('inputs out of order in a plan are an error, not a wrong list', async () => {
  const { storage, run } = await closedRun({ a: 'one', b: 'two' });
  const key = runKeys(run.runId).planObject(run.plan.sha, 0);
  const text = Buffer.from(storage.contents.objects.get(key)!.bytes).toString();
  await storage.replace(key, Buffer.from(text.replace('"key":"a"', '"key":"c"')));
  await expect(allOf(allOutcomes(storage, run, plainCodec))).rejects.toThrow(/input b stands after c/);
});
