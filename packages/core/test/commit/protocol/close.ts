import { describe, expect, test } from '@jest/globals';
import { allOutcomes, readInputs } from '../../../src/commit/close-inputs.ts';
import { readSuccess } from '../../../src/commit/generations.ts';
import { readJson } from '../../../src/commit/objects.ts';
import { ReportList } from '../../../src/commit/report-list.ts';
import { emptyPartKey, partKey, runIdOf, runKeys } from '../../../src/run-keys.ts';
import { REPORT_LIST_ENTRIES, report } from '../../../src/shapes/report.ts';
import { allOf } from '../all-of.ts';
import { closedRun, plannedRun, sourceOf } from '../closed-run.ts';
import { plainCodec } from '../plain-codec.ts';
import { SOURCE, SPEC_HASH } from '../small-run.ts';
import { planCommand, runCommand, toyClose, work } from '../toy-command.ts';
import type { FreshStorage } from './fresh-storage.ts';
import { has, keysOf, textOf, textsOf } from './peek.ts';

const TEXTS = { a: 'one x', b: 'two', c: 'three', big: 'four five six', é: 'seven' };

export function closeSuite(fresh: FreshStorage): void {
  describe('the close', () => {
    test('sums, reports and names the generation', async () => {
      const { storage, run } = await closedRun(fresh, TEXTS);
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
      const { storage, run } = await closedRun(fresh, TEXTS);
      const before = await textsOf(storage);
      await toyClose(storage, run);
      expect(await textsOf(storage)).toEqual(before);
    });

    test('leaves an unfinished run open, and its parts alone', async () => {
      const { storage, run } = await plannedRun(fresh, TEXTS);
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
      expect(await has(storage, early)).toBe(true);
      expect(await has(storage, loser)).toBe(false);
      expect(await readSuccess(storage)).toBeUndefined();
      expect(await has(storage, runKeys(run.runId).ledger)).toBe(false);
    });

    test('takes away what losers left, plans of other planners too', async () => {
      const { storage, run } = await closedRun(fresh, TEXTS);
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
      const keysNow = await keysOf(storage);
      expect(left.filter((key) => keysNow.includes(key))).toEqual([]);
      expect(others.filter((key) => keysNow.includes(key))).toEqual(others);
    });

    test('gives a run without rows its one empty part', async () => {
      const { storage, run } = await closedRun(fresh, { a: '', b: 'x' });
      const found = await readJson(storage, runKeys(run.runId).report, report);
      expect(found?.parts).toMatchObject([
        { uri: `${storage.uri}/${emptyPartKey(run.runId, 'parquet')}`, rows: 0, bytes: 2 },
      ]);
      expect(await keysOf(storage, 'part-')).toHaveLength(1);
    });

    test('a refused input makes the run partial, and is done again by no later generation', async () => {
      const { storage, run } = await plannedRun(fresh, TEXTS);
      await storage.remove(`${SOURCE}b`);
      expect(await runCommand(storage)).toBe('ran');
      const found = await readJson(storage, runKeys(run.runId).report, report);
      expect(found).toMatchObject({
        state: 'partial',
        inputs: { done: 4, refused: [{ input: 'b', reason: 'vanished' }] },
      });
      expect(found?.problems).toEqual(['1 refusal of inputs: see inputs.refused']);
      expect(await runCommand(storage)).toBe('nothing');
    });

    test('new inputs become the next generation, which carries the outcomes forward', async () => {
      const { storage } = await closedRun(fresh, { b: 'one' });
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
      const { storage, run } = await closedRun(fresh, { b: 'one' });
      await storage.replace(`${SOURCE}a`, Buffer.from('two'));
      await runCommand(storage);
      await toyClose(storage, run);
      expect(await readSuccess(storage)).toBe(1);
    });

    test('nor does it while the next one is under way', async () => {
      const { storage, run } = await closedRun(fresh, { b: 'one' });
      await storage.replace(`${SOURCE}a`, Buffer.from('two'));
      const next = await planCommand(storage);
      await work(storage, next!, 0, 0, 1);
      expect(await readSuccess(storage)).toBeUndefined();
      await toyClose(storage, run);
      expect(await readSuccess(storage)).toBeUndefined();
    });

    test("another tool's _SUCCESS gives way", async () => {
      const storage = await sourceOf(fresh, { a: 'one' });
      await storage.replace('_SUCCESS', new Uint8Array());
      await runCommand(storage);
      expect(await readSuccess(storage)).toBe(0);
    });
  });

  test('a list of the report holds so many entries, the rest stands beside it', async () => {
    const storage = await fresh();
    const keys = runKeys('0000-abababab');
    const list = new ReportList<number>('parts', plainCodec);
    for (let n = 0; n < REPORT_LIST_ENTRIES + 2; n++) await list.add(n);
    await list.writeRest(storage, keys);
    expect(list.entries).toHaveLength(REPORT_LIST_ENTRIES);
    expect(await allOf(plainCodec.lines(storage.read(keys.list('parts'))))).toEqual(['1000', '1001']);
    await new ReportList<number>('parts', plainCodec).writeRest(storage, keys);
    expect(await storage.stat(keys.list('parts'))).toBeUndefined();
  });

  test('inputs out of order in a plan are an error, not a wrong list', async () => {
    const { storage, run } = await closedRun(fresh, { a: 'one', b: 'two' });
    const key = runKeys(run.runId).planObject(run.plan.sha, 0);
    const text = await textOf(storage, key);
    await storage.replace(key, Buffer.from(text.replace('"key":"a"', '"key":"c"')));
    await expect(allOf(allOutcomes(storage, run, plainCodec))).rejects.toThrow(/input b stands after c/);
  });
}
