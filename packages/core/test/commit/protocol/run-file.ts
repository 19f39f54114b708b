import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Column } from '@winnow/kernel';
import fc from 'fast-check';
import { allOf } from '../all-of.ts';
import { readAll } from '../../../src/commit/objects.ts';
import { readSchema } from '../../../src/schema/read-schema.ts';
import { parseOrderedYaml } from '../../../src/spec/yaml-text.ts';
import { arbitraryColumns } from '../../schema/arbitrary-columns.ts';
import { createRun, joinRun, readRun, readUnits, writePlan } from '../../../src/commit/run-file.ts';
import { runKeys } from '../../../src/run-keys.ts';
import { plannedBytes, type Unit } from '../../../src/shapes/unit.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { toyRun } from '../small-run.ts';
import type { FreshStorage } from './fresh-storage.ts';

const units = Array.from({ length: 2_345 }, (_, unit): Unit => ({
  unit,
  inputs: [{ key: `é${unit}`, size: unit, pin: 'p' }],
  decoded: unit,
  memoryMiB: 256,
}));
const lines = units.map((unit) => JSON.stringify(unit));
/** The text of a plan, cut at odd places. */
async function* textOf(of: readonly string[]): AsyncGenerator<Uint8Array> {
  const text = Buffer.from(of.map((line) => `${line}\n`).join(''));
  for (let at = 0; at < text.length; at += 777) yield await Promise.resolve(text.subarray(at, at + 777));
}
const sha = createHash('sha256')
  .update(lines.map((line) => `${line}\n`).join(''))
  .digest('hex');
const run = toyRun(units, [{ memoryMiB: 256, firstUnit: 0, units: units.length }]);
const keys = runKeys(run.runId);

export function runFileSuite(fresh: FreshStorage): void {
  async function planned(): Promise<Storage> {
    const storage = await fresh();
    expect(await writePlan(storage, keys, sha, textOf(lines))).toEqual({
      firstUnits: [0, 1_000, 2_000],
      units: 2_345,
    });
    return storage;
  }

  test.each([
    [0, 2_345],
    [0, 1],
    [999, 2],
    [1_500, 600],
    [2_344, 1],
    [2_345, 0],
  ])('units from %d on, %d of them, come from the objects that hold them', async (first, count) => {
    const storage = await planned();
    const found = await allOf(readUnits(storage, run, first, count));
    expect(found).toEqual(units.slice(first, first + count));
  });

  test('a reader of units opens no other object', async () => {
    const storage = await planned();
    await storage.remove(keys.planObject(run.plan.sha, 0));
    await storage.remove(keys.planObject(run.plan.sha, 2));
    expect(await allOf(readUnits(storage, run, 1_000, 1_000))).toHaveLength(1_000);
  });

  test('a plan object ends when it is large, and run.json tells where each begins', async () => {
    const storage = await fresh();
    // 700 bytes for each of 2,000 inputs: three units make more than 4 MiB.
    const large = Array.from({ length: 10 }, (_, unit): Unit => ({
      unit,
      inputs: Array.from({ length: 2_000 }, (__, n) => ({
        key: `${unit}/${n}/${'k'.repeat(700)}`,
        size: 1,
        pin: 'p',
      })),
      decoded: 1,
      memoryMiB: 256,
    }));
    const text = large.map((unit) => JSON.stringify(unit));
    const hash = createHash('sha256')
      .update(`${text.join('\n')}\n`)
      .digest('hex');
    const { firstUnits } = await writePlan(storage, keys, hash, textOf(text));
    expect(firstUnits).toEqual([0, 3, 6, 9]);
    const sealed = { ...run, plan: { ...run.plan, sha: hash, objects: 4, firstUnits, units: 10 } };
    for (let unit = 0; unit < 10; unit++)
      expect(await allOf(readUnits(storage, sealed, unit, 1))).toEqual([large[unit]]);
    expect(await allOf(readUnits(storage, sealed))).toEqual(large);
    await storage.remove(keys.planObject(hash, 0));
    expect(await allOf(readUnits(storage, sealed, 3, 7))).toEqual(large.slice(3));
  });

  test('a plan may be written twice, but not under another hash', async () => {
    const storage = await planned();
    await writePlan(storage, keys, run.plan.sha, textOf(lines));
    await expect(writePlan(storage, keys, run.plan.sha, textOf(lines.slice(1)))).rejects.toThrow(
      /different bytes/,
    );
    await expect(writePlan(storage, keys, 'ab'.repeat(32), textOf(lines))).rejects.toThrow(/not abab/);
  });

  test('a damaged line, a missing one and a unit beyond the plan are named', async () => {
    const storage = await planned();
    const key = keys.planObject(run.plan.sha, 2);
    const read = () => allOf(readUnits(storage, run, 2_000, 345));
    await storage.replace(key, Buffer.from(lines.slice(2_000, 2_300).join('\n')));
    await expect(read()).rejects.toThrow(/ends before unit 2300, 2345 expected/);
    await storage.replace(key, Buffer.from(lines.slice(2_001).join('\n')));
    await expect(read()).rejects.toThrow(/has unit 2001 in the place of 2000/);
    await storage.replace(key, Buffer.from('{}\n'));
    await expect(read()).rejects.toThrow(/has a wrong unit/);
    await expect(allOf(readUnits(storage, run, 2_345, 1))).rejects.toThrow(RangeError);
  });

  test('a range plans its own length', () => {
    expect(plannedBytes({ ...units[7]!, range: { start: 10, end: 25 } })).toBe(15);
    expect(plannedBytes(units[7]!)).toBe(7);
  });

  test('columns of any type come back from run.json as they were, and stand beside it as --schema reads them', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryColumns, async (columns) => {
        const storage = await fresh();
        const all: Column[] = [...columns, { name: '_rest', type: 'text' }];
        await createRun(storage, { ...run, frozen: { ...run.frozen, columns: all } });
        expect((await readRun(storage, run.runId)).frozen.columns).toEqual(all);
        const text = Buffer.from(await readAll(storage, keys.schema)).toString();
        expect(readSchema(parseOrderedYaml(text, 'it', '')).columns).toEqual(columns);
      }),
    );
  });

  test('who joins a run writes the schema that a killed planner did not, and leaves one that stands', async () => {
    const storage = await fresh();
    await createRun(storage, run);
    const text = await readAll(storage, keys.schema);
    await storage.remove(keys.schema);
    expect(await joinRun(storage, run.runId)).toEqual(run);
    expect(await readAll(storage, keys.schema)).toEqual(text);
    await storage.replace(keys.schema, Buffer.from('edited'));
    await joinRun(storage, run.runId);
    expect(Buffer.from(await readAll(storage, keys.schema)).toString()).toBe('edited');
  });
}
