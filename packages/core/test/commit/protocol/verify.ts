import { describe, expect, test } from '@jest/globals';
import { createJson } from '../../../src/commit/objects.ts';
import { verifyRun } from '../../../src/commit/verify.ts';
import { SUCCESS_KEY, emptyPartKey, generationKey, partKey, runKeys } from '../../../src/run-keys.ts';
import type { PartFact } from '../../../src/shapes/receipt.ts';
import type { RunFile } from '../../../src/shapes/run.ts';
import type { Unit } from '../../../src/shapes/unit.ts';
import type { Storage } from '../../../src/storage/storage.ts';
import { allOf } from '../all-of.ts';
import { closedRun, sourceOf } from '../closed-run.ts';
import { outputOf } from '../mirror-run.ts';
import { plainCodec } from '../plain-codec.ts';
import { SOURCE, SPEC_HASH, toyRun } from '../small-run.ts';
import { REAL, planCommand, runCommand } from '../toy-command.ts';
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
    await storage.replace(emptyPartKey(run.runId, 'parquet'), Buffer.from('[0]'));
    expect(await findings(storage, run)).toMatchObject([
      { kind: 'part', message: expect.stringContaining('is not what the report lists') as unknown },
    ]);
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
        'quarantine of other reasons than its receipt lists',
        (storage) => edit(storage, keys.receipt(0, 0), '"reason":"bad-word"', '"reason":"bad-cold"'),
        'quarantine',
        /holds 1 × bad-word, its receipt lists 1 × bad-cold/,
      ],
      [
        'another size of a part in its receipt',
        (storage) => edit(storage, keys.receipt(1, 0), /"rows":1,"bytes":\d+/, '"rows":1,"bytes":1'),
        'part',
        /its receipt lists 1 with/,
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
        'other inputs in run.json',
        (storage) => edit(storage, keys.run, '"inputs":4', '"inputs":5'),
        'ledger',
        /inputs in units 4, in run.json 5/,
      ],
      [
        'other inputs in run.json, held against the plan',
        (storage) => edit(storage, keys.run, '"inputs":4', '"inputs":5'),
        'plan',
        /its units hold 4 inputs, run.json says 5/,
      ],
      [
        'other bytes in run.json',
        (storage) => edit(storage, keys.run, /"bytes":\d+,"decoded"/, '"bytes":1,"decoded"'),
        'ledger',
        /bytes accounted for \d+, planned in run.json 1$/,
      ],
      [
        'other bytes in run.json, held against the plan',
        (storage) => edit(storage, keys.run, /"bytes":\d+,"decoded"/, '"bytes":1,"decoded"'),
        'plan',
        /its units hold \d+ bytes, run.json says 1/,
      ],
      [
        'a memory class that begins late',
        (storage) => edit(storage, keys.run, '"firstUnit":2', '"firstUnit":1'),
        'plan',
        /a memory class begins at unit 1, expected 2/,
      ],
      [
        'other units in run.json than in its memory classes',
        (storage) => edit(storage, keys.run, /"units":3,/, '"units":4,'),
        'plan',
        /the memory classes hold 3 units, the plan 4/,
      ],
      [
        'more units in run.json than in the plan',
        (storage) => edit(storage, keys.run, /"units":3,/, '"units":4,'),
        'run',
        /ends before unit 3, 4 expected/,
      ],
      [
        'the inputs of the plan in another order',
        (storage, run) =>
          edit(storage, keys.planObject(run.plan.sha, 0), /("inputs":\[)(\{[^}]+\}),(\{[^}]+\})/, '$1$3,$2'),
        'coverage',
        /unit 0 has input a after b/,
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
      [
        'the inputs of the report altered',
        (storage) =>
          edit(storage, keys.report, '"inputs":{"total":4,"done":4', '"inputs":{"total":4,"done":3'),
        'report',
        /inputs.done is 3, the receipts say 4/,
      ],
      ['the report gone', (storage) => storage.remove(keys.report), 'report', /was not closed/],
      [
        'the compacted ledger cut',
        (storage) => edit(storage, keys.ledger, /\n[^\n]+\n$/, '\n'),
        'compacted-ledger',
        /ends too early/,
      ],
      [
        'more in the compacted ledger',
        (storage) => edit(storage, keys.ledger, /([^\n]+\n)$/, '$1$1'),
        'compacted-ledger',
        /has more than the receipts/,
      ],
      [
        'the compacted ledger gone',
        (storage) => storage.remove(keys.ledger),
        'compacted-ledger',
        /was not closed/,
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
      [
        'a generation that was taken for another spec',
        (storage) => edit(storage, generationKey(0), SPEC_HASH, 'cd'.repeat(32)),
        'run',
        /generation 0 belongs to run 0000-cdcdcdcd, not to 0000-abababab/,
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

  describe('in the layout mirror', () => {
    const MIRROR = { layout: 'mirror' } as const;

    test('an output of an input that no receipt has is found', async () => {
      const storage = await sourceOf(fresh, { a: 'one', b: 'two' });
      const run = await planCommand(storage, MIRROR);
      await storage.remove(`${SOURCE}b`);
      await runCommand(storage, MIRROR);
      expect(await findings(storage, run!)).toEqual([]);
      await storage.replace(outputOf('b'), Buffer.from('["two"]'));
      expect(await findings(storage, run!)).toMatchObject([{ kind: 'orphan', key: outputOf('b') }]);
    });

    test.each<[string, (storage: Storage) => Promise<void>, RegExp]>([
      [
        'altered',
        (storage) => edit(storage, outputOf('a'), 'one', 'eno'),
        /has sha256 .*, run 0000-.* lists/,
      ],
      ['gone', (storage) => storage.remove(outputOf('a')), /is not there, run 0000-.* lists/],
    ])('an output of an earlier generation that is %s is found by the latest', async (_, damage, message) => {
      const storage = await sourceOf(fresh, { a: 'one' });
      await runCommand(storage, MIRROR);
      await storage.replace(`${SOURCE}b`, Buffer.from('two'));
      const later = await planCommand(storage, MIRROR);
      await runCommand(storage, MIRROR);
      expect(await findings(storage, later!)).toEqual([]);
      await damage(storage);
      expect(await findings(storage, later!)).toMatchObject([
        { kind: 'part', key: outputOf('a'), message: expect.stringMatching(message) as unknown },
      ]);
    });
  });

  describe('a plan of byte ranges', () => {
    /** Of input `a` of 30 bytes, if it is not said of which. */
    type Range = [start: number, end: number, key?: string, size?: number];
    const planOf = (ranges: readonly Range[]): Unit[] =>
      ranges.map(([start, end, key = 'a', size = 30], unit) => ({
        unit,
        inputs: [{ key, size, pin: 'p' }],
        range: { start, end },
        decoded: 1,
        memoryMiB: 256,
      }));
    test.each<[string, Range[], RegExp | undefined]>([
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
      [
        'of two inputs, without gap or overlap',
        [
          [0, 30],
          [0, 10, 'b'],
          [10, 30, 'b'],
        ],
        undefined,
      ],
      [
        'of two inputs, the first of which ends early',
        [
          [0, 20],
          [0, 30, 'b'],
        ],
        /no unit has the bytes 20 to 30 of input a/,
      ],
      [
        'with an empty input twice',
        [
          [0, 0, 'a', 0],
          [0, 0, 'a', 0],
        ],
        /unit 1 has input a a second time/,
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
