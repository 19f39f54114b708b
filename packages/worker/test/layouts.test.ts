import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readUnits, type Unit } from '@winnow/core';
import { doShard, doShards } from './do-shards.ts';
import {
  LAYOUTS,
  ndjsonOf,
  recordTexts,
  render,
  spelling,
  type Layout,
  type Rendered,
} from './layout-text.ts';
import { pack, share, type Packing } from './ndjson-text.ts';
import { outcomeOf } from './outcome.ts';
import { inChunks } from './passing-storage.ts';
import {
  committedObjects,
  prepareRun,
  receiptsOf,
  withFolder,
  writeFiles,
  type PreparedRun,
  type RunOptions,
} from './prepared-run.ts';
import { StopSignal } from '../src/stop-signal.ts';
import { Stopped } from '../src/stopped.ts';

const optionsOf = (layout: Layout): RunOptions => (layout === 'documents' ? { recordsPath: 'r' } : {});

async function unitsOf({ output, run }: PreparedRun): Promise<Unit[]> {
  return Array.fromAsync(readUnits(output, run));
}

/** What quarantine must hold of these records, in the form of an outcome. */
function quarantineOf({ records }: Rendered, reasons: ReadonlyMap<number, string>): string[] {
  return [...reasons]
    .map(([index, reason]) => {
      const { offset, raw } = records[index] ?? { offset: -1, raw: '' };
      const sha256 = createHash('sha256').update(raw).digest('hex');
      return JSON.stringify(['0', offset, reason, raw, undefined, sha256]);
    })
    .sort();
}

/** Reasons by the number of the record, of a text that has one a line. */
function reasonsOf({ records }: Rendered, quarantined: readonly string[]): Map<number, string> {
  return new Map(
    quarantined.map((line) => {
      const [, offset, reason] = JSON.parse(line) as [string, number, string];
      return [records.findIndex((record) => record.offset === offset), reason];
    }),
  );
}

test('the same records in any layout, however it is spelled, packed, cut and read, come out the same', async () => {
  const seen = { ranges: 0, subUnits: 0, bad: 0 };
  await fc.assert(
    fc.asyncProperty(
      recordTexts,
      fc.constantFrom(...LAYOUTS),
      spelling,
      fc.record({
        packing: fc.constantFrom<Packing>('plain', 'plain', 'gzip', 'zstd'),
        cuts: fc.array(share, { maxLength: 3 }),
        chunks: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 3 }),
        unitBytes: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 61, max: 3000 })),
        drift: fc.constantFrom('rest' as const, 'fail' as const, 'drop' as const),
      }),
      (texts, layout, spelled, { packing, cuts, chunks, unitBytes, drift }) =>
        withFolder(async (folder) => {
          const lines = ndjsonOf(texts);
          const rendered = render(texts, layout, spelled);
          await writeFiles(folder, { 'lines/0': lines.text, 'in/0': pack(rendered.text, packing, cuts) });
          const asLines = await prepareRun(folder, { source: 'lines', output: 'lines-out', drift });
          await doShards(asLines);
          const expected = await outcomeOf(asLines);
          const prepared = await prepareRun(folder, { unitBytes, drift, ...optionsOf(layout) });
          await doShards(prepared, { source: inChunks(prepared.source, chunks) });
          const found = await outcomeOf(prepared);

          const reasons = reasonsOf(lines, expected.quarantined);
          expect(found.rows).toEqual(expected.rows);
          expect(found.quarantined).toEqual(quarantineOf(rendered, reasons));
          expect(found.sums.problems.first).toEqual([]);
          expect(found.sums.missing.first).toEqual([]);
          expect(found.sums.records).toEqual(expected.sums.records);
          expect(found.sums.skipped).toEqual({ blank: 0, bom: spelled.mark ? 1 : 0, header: 0 });
          expect(found.sums.lines).toBe(texts.length);
          expect(found.sums.bytes.decoded).toBe(rendered.text.length);
          expect(found.sums.bytes.read).toBe(prepared.run.plan.bytes);
          expect(new Map(found.sums.drift)).toEqual(new Map(expected.sums.drift));
          const units = await unitsOf(prepared);
          seen.ranges += units.filter((unit) => unit.range && unit.layout === 'array-lines').length;
          seen.subUnits += found.sums.subUnits - units.length;
          seen.bad += reasons.size;
        }),
    ),
    {
      numRuns: 50,
      // A byte order mark that comes a byte at a time.
      examples: [
        [
          ['{"id":7}'],
          'array-lines',
          { spaces: [''], mark: true, lineEnd: '\n', endsInLine: false },
          { packing: 'plain', cuts: [], chunks: [1], unitBytes: 1, drift: 'rest' },
        ],
      ],
    },
  );
  // The property says nothing where nothing was cut or bad.
  expect(Math.min(seen.ranges, seen.subUnits, seen.bad)).toBeGreaterThan(0);
});

const WRONG_LINES = [
  '[',
  '[\n',
  ']',
  ']\n',
  '{"id":1},\n',
  '{"id":2},\r\n',
  '{"id":3}\n',
  ' {"id":4} , \n',
  '{"id":5\n',
  'x,\n',
  ',\n',
  '\n',
  ' \n',
  '[1,2],\n',
  '{"id":6},',
];

test('an element a line, in any disorder: every cut into ranges gives what the whole gives', async () => {
  let faults = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...WRONG_LINES), { maxLength: 25 }),
      fc.integer({ min: 1, max: 120 }),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 3 }),
      (lines, unitBytes, chunks) =>
        withFolder(async (folder) => {
          await writeFiles(folder, { 'in/0': `[\n{"id":0},\n${lines.join('')}` });
          const whole = await prepareRun(folder, { output: 'whole' });
          await doShards(whole);
          const expected = await outcomeOf(whole);
          const cut = await prepareRun(folder, { unitBytes });
          await doShards(cut, { source: inChunks(cut.source, chunks) });
          const found = await outcomeOf(cut);
          expect(found.rows).toEqual(expected.rows);
          expect(found.quarantined).toEqual(expected.quarantined);
          expect(found.sums.records).toEqual(expected.sums.records);
          expect(found.sums.skipped).toEqual(expected.sums.skipped);
          expect(found.sums.lines).toEqual(expected.sums.lines);
          faults += expected.quarantined.filter((line) => /expected-comma|unexpected-end/.test(line)).length;
        }),
    ),
    { numRuns: 50 },
  );
  expect(faults).toBeGreaterThan(0);
});

const elements = (count: number): string[] =>
  Array.from({ length: count }, (_, id) =>
    JSON.stringify({ id, name: createHash('sha256').update(`${id}`).digest('hex') }),
  );

describe('how inputs are cut', () => {
  const records = elements(200);
  test.each<[string, string, Packing, Partial<Unit>, number]>([
    ['lines', `${records.join('\n')}\n`, 'plain', { range: { start: 0, end: 4000 } }, 5],
    [
      'an element a line',
      `[\n${records.join(',\n')}\n]\n`,
      'plain',
      { range: { start: 0, end: 4000 }, layout: 'array-lines' },
      5,
    ],
    ['an element a line, gzip', `[\n${records.join(',\n')}\n]\n`, 'gzip', { subUnits: true }, 1],
    ['one line', `[${records.join(',')}]`, 'plain', { subUnits: true }, 1],
    ['one line, zstd', `[${records.join(',')}]`, 'zstd', { subUnits: true }, 1],
  ])('%s', (_, text, packing, first, units) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/0': pack(Buffer.from(text), packing, []) });
      const prepared = await prepareRun(folder, { unitBytes: 4000 });
      const [unit, ...others] = await unitsOf(prepared);
      const keys = ['unit', 'inputs', ...Object.keys(first), 'decoded', 'memoryMiB'];
      expect(Object.keys(unit ?? {})).toEqual(keys);
      if (first.range) expect(others.length + 1).toBeGreaterThanOrEqual(units);
      else expect(others).toEqual([]);
      const { range, layout, subUnits } = unit ?? {};
      expect({ isRange: range !== undefined, layout, subUnits }).toEqual({
        isRange: first.range !== undefined,
        layout: first.layout,
        subUnits: first.subUnits,
      });
      await doShards(prepared);
      const { rows, sums } = await outcomeOf(prepared);
      expect([rows.length, sums.records.quarantined]).toEqual([200, 0]);
      if (first.subUnits) expect(sums.subUnits).toBeGreaterThan(3);
    }),
  );
});

/** An attempt that is asked to stop when it has committed so many sub-units. */
async function doSome(prepared: PreparedRun, subUnits: number, chunks: readonly number[]): Promise<void> {
  const stop = new StopSignal(() => 0);
  let committed = 0;
  const onEvent = ({ event }: { event: string }): void => {
    if (event === 'committed' && ++committed >= subUnits) stop.request();
  };
  const source = inChunks(prepared.source, chunks);
  await doShard(prepared, 0, { source, stop, onEvent }).catch((error: unknown) => {
    if (!(error instanceof Stopped)) throw error;
  });
}

describe('an attempt that goes on behind any number of committed sub-units makes the same bytes', () => {
  const records = elements(150).map((text, i) => (i % 20 === 7 ? `{"id":\n${i}x}` : text));
  const [half, rest] = [records.slice(0, 80), records.slice(80)];
  const pretty = (texts: string[]): string => `[\n  ${texts.join(',\n\n  ')}\n]`;
  test.each<[string, string, RunOptions]>([
    ['arrays', `${pretty(half)}x\n[${rest.join(',')},,{"id":1},]`, {}],
    ['an array that does not end', `[${records.join(' , ')}`, {}],
    [
      'documents',
      `{"x":1,"r":[${half.join(',')}]}{"none":[1]}\n{"r":${pretty(rest)},}\n{"x":`,
      { recordsPath: 'r' },
    ],
  ])('%s', (_, text, options) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/0': pack(Buffer.from(text), 'gzip', [0.4]) });
      const whole = await prepareRun(folder, { unitBytes: 1500, output: 'whole', ...options });
      await doShard(whole, 0);
      const expected = await committedObjects(whole);
      const receipts = await receiptsOf(whole, 0);
      expect(receipts.length).toBeGreaterThan(5);
      const uncut = await prepareRun(folder, { output: 'uncut', ...options });
      await doShard(uncut, 0);
      const [all, one] = [await outcomeOf(whole), await outcomeOf(uncut)];
      expect([all.rows, all.quarantined, all.sums.records]).toEqual([
        one.rows,
        one.quarantined,
        one.sums.records,
      ]);
      expect(all.quarantined.length).toBeGreaterThan(7);
      for (let done = 1; done < receipts.length; done++) {
        const prepared = await prepareRun(folder, { unitBytes: 1500, output: `out-${done}`, ...options });
        await doSome(prepared, done, [700, 1]);
        expect(await receiptsOf(prepared, 0)).toEqual(receipts.slice(0, done));
        await doShard(prepared, 0, { source: inChunks(prepared.source, [100 * done]) });
        expect(await committedObjects(prepared)).toEqual(expected);
      }
    }),
  );
});

test('a compressed array that is cut: what is read of it is whole, the rest is refused, and no bracket is missed', () =>
  withFolder(async (folder) => {
    const packed = pack(Buffer.from(`[${elements(300).join(',')}]`), 'gzip', []);
    await writeFiles(folder, { 'in/0': packed.subarray(0, Math.floor(packed.length / 2)) });
    for (const unitBytes of [1500, 2 ** 30]) {
      const prepared = await prepareRun(folder, { unitBytes, output: `out-${unitBytes}` });
      await doShards(prepared);
      const { rows, sums } = await outcomeOf(prepared);
      expect(rows.length).toBeGreaterThan(100);
      expect(sums.records).toMatchObject({ read: rows.length, quarantined: 0 });
      expect(sums.refusals.total).toBe(1);
    }
  }));
