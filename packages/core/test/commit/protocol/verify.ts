import { describe, expect, test } from '@jest/globals';
import { createJson } from '../../../src/commit/objects.ts';
import { verifyRun } from '../../../src/commit/verify.ts';
import { SUCCESS_KEY, emptyPartKey, generationKey, partKey, runKeys } from '../../../src/run-keys.ts';
import type { PartFact } from '../../../src/shapes/receipt.ts';
import type { RunFile } from '../../../src/shapes/run.ts';
import type { Unit } from '../../../src/shapes/unit.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { allOf } from '../all-of.ts';
import { closedRun } from '../closed-run.ts';
import { plainCodec } from '../plain-codec.ts';
import { SPEC_HASH, toyRun } from '../small-run.ts';
import { REAL } from '../toy-command.ts';
import type { FreshStorage } from './fresh-storage.ts';
import { textOf } from './peek.ts';

const TEXTS = { a: 'one x', b: 'two', c: 'three', big: 'four five six' };

const findings = (storage: Storage, run: RunFile, countRows?: (part: PartFact) => Promise<number>) =>
  allOf(verifyRun(storage, run.runId, { codec: plainCodec, countRows }));

/** Writes an object anew with something replaced in its text. */
async function edit(storage: Storage, key: string, from: string | RegExp, to: string): Promise<void> {
  const before = await textOf(storage, key);
  const after = before.replace(from, to);
  expect(after).not.toBe(before);
  await storage.replace(key, Buffer.from(after));
}

export function verifySuite(fresh: FreshStorage): void {
  test('a closed run has no findings', async () => {
    const { storage, run } = await closedRun(fresh, TEXTS);
    expect(await findings(storage, run)).toEqual([]);
  });

  test('a run without rows is proven too', async () => {
    const { storage, run } = await closedRun(fresh, { a: '' });
    expect(await findings(storage, run)).toEqual([]);
    await storage.remove(emptyPartKey(run.runId, 'parquet'));
    expect(await findings(storage, run)).toMatchObject([{ kind: 'part' }]);
  });

  describe('damage is found', () => {
    const keys = runKeys('0000-abababab');
    const part = partKey(keys.runId, 0, 0, 'parquet');
    type Damage = (storage: Storage, run: RunFile) => Promise<void>;
    const rows: [string, Damage, string, RegExp][] = [
      ['a part altered', (storage) => edit(storage, part, 'one', 'eno'), 'part', /sha256/],
      ['a part gone', (storage) => storage.remove(part), 'part', /is not there, but its receipt lists it/],
      [
        'a part too many',
        (storage) => storage.replace(partKey(keys.runId, 0, 1, 'parquet'), Buffer.from('[]')),
        'orphan',
        /no receipt lists it/,
      ],
      [
        'quarantine altered',
        (storage) => edit(storage, keys.quarantine(0, 0), '"x"', '"y"'),
        'quarantine',
        /sha256/,
      ],
      [
        'a receipt gone',
        (storage) => storage.remove(keys.receipt(1, 0)),
        'uncommitted',
        /unit 1: is not committed/,
      ],
      [
        'a sub-unit gone',
        (storage) => storage.remove(keys.receipt(2, 0)),
        'ledger',
        /sub-unit 0 has no receipt, but 1 has/,
      ],
      [
        'a receipt torn',
        (storage) => storage.replace(keys.receipt(1, 0), Buffer.from('{"runId":')),
        'ledger',
        /is not JSON/,
      ],
      [
        'a receipt of another unit',
        async (storage) =>
          storage.replace(keys.receipt(1, 0), Buffer.from(await textOf(storage, keys.receipt(0, 0)))),
        'ledger',
        /is of run 0000-abababab, unit 0/,
      ],
      [
        'records that do not add up',
        (storage) => edit(storage, keys.receipt(0, 0), '"read":3', '"read":4'),
        'ledger',
        /records read 4, written \+ filtered \+ quarantined 3/,
      ],
      [
        'bytes that do not add up',
        (storage) => edit(storage, keys.receipt(1, 0), /"planned":5,"read":5/, '"planned":4,"read":4'),
        'ledger',
        /account for 4 bytes, its plan has 5/,
      ],
      [
        'a stray receipt',
        async (storage) => {
          const stray = (await textOf(storage, keys.receipt(1, 0))).replace('"unit":1', '"unit":7');
          return storage.replace(keys.receipt(7, 0), Buffer.from(stray));
        },
        'ledger',
        /unit 7 has a receipt, but is not in the plan/,
      ],
      [
        'the plan altered',
        (storage, run) => edit(storage, keys.planObject(run.plan.sha, 0), '"key":"c"', '"key":"d"'),
        'plan',
        /run.json names/,
      ],
      [
        'an input twice in the plan',
        (storage, run) => edit(storage, keys.planObject(run.plan.sha, 0), '"key":"c"', '"key":"b"'),
        'coverage',
        /has twice the bytes/,
      ],
      [
        'the report altered',
        (storage) => edit(storage, keys.report, '"written":', '"written":1'),
        'report',
        /records is .* the receipts say/,
      ],
      ['the report gone', (storage) => storage.remove(keys.report), 'report', /was not closed/],
      [
        'the compacted ledger cut',
        (storage) => edit(storage, keys.ledger, /\n[^\n]+\n$/, '\n'),
        'compacted-ledger',
        /ends too early/,
      ],
      [
        'the compacted ledger altered',
        (storage) => edit(storage, keys.ledger, '"lines":3', '"lines":4'),
        'compacted-ledger',
        /differs from the receipts/,
      ],
      [
        '_SUCCESS of a run that is not complete',
        (storage) => storage.remove(keys.receipt(1, 0)),
        'success',
        /not complete and balanced/,
      ],
      ['run.json gone', (storage) => storage.remove(keys.run), 'run', /has no plan/],
    ];
    test.each(rows)('%s', async (_title, damage, kind, message) => {
      const { storage, run } = await closedRun(fresh, TEXTS);
      await damage(storage, run);
      const found = await findings(storage, run);
      expect(
        found
          .filter((finding) => finding.kind === kind)
          .map((finding) => finding.message)
          .join('\n'),
      ).toMatch(message);
    });

    test('rows that a part itself counts in another way', async () => {
      const { storage, run } = await closedRun(fresh, TEXTS);
      const found = await findings(storage, run, ({ key, rows: listed }) =>
        Promise.resolve(key === part ? listed + 1 : listed),
      );
      expect(found).toMatchObject([
        { kind: 'part', key: part, message: `${part}: holds 3 rows, its receipt lists 2` },
      ]);
    });

    test('_SUCCESS is not asked for', async () => {
      const { storage, run } = await closedRun(fresh, TEXTS);
      await storage.remove(SUCCESS_KEY);
      expect(await findings(storage, run)).toEqual([]);
    });
  });

  describe('a plan of byte ranges', () => {
    const planOf = (ranges: readonly (readonly [number, number])[]): Unit[] =>
      ranges.map(([start, end], unit) => ({
        unit,
        inputs: [{ key: 'a', size: 30, pin: 'p' }],
        range: { start, end },
        decoded: 1,
        memoryMiB: 256,
      }));
    test.each<[string, [number, number][], RegExp | undefined]>([
      [
        'without gap or overlap',
        [
          [0, 10],
          [10, 20],
          [20, 30],
        ],
        undefined,
      ],
      ['that begins late', [[5, 30]], /unit 0 misses the bytes 0 to 5 of input a/],
      [
        'with a gap',
        [
          [0, 10],
          [12, 30],
        ],
        /unit 1 misses the bytes 10 to 12 of input a/,
      ],
      [
        'with an overlap',
        [
          [0, 10],
          [8, 30],
        ],
        /unit 1 has twice the bytes 8 to 10 of input a/,
      ],
      [
        'that ends early',
        [
          [0, 10],
          [10, 29],
        ],
        /no unit has the bytes 29 to 30 of input a/,
      ],
    ])('%s', async (_title, ranges, message) => {
      const storage = await fresh();
      const units = planOf(ranges);
      const run = toyRun(units, [{ memoryMiB: 256, firstUnit: 0, units: units.length }]);
      const lines = units.map((unit) => `${JSON.stringify(unit)}\n`);
      await createJson(storage, generationKey(0), { generation: 0, specHash: SPEC_HASH, createdAt: '' });
      await REAL.seal(
        storage,
        run,
        lines.map((line) => line.trim()),
      );
      const coverage = (await findings(storage, run)).filter(({ kind }) => kind === 'coverage');
      expect(coverage.map((finding) => finding.message).join('\n')).toMatch(message ?? /^$/);
    });
  });
}
