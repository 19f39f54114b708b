import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  parseJson,
  quarantineLine,
  zstdTextCodec,
  type MendedRecord,
  type QuarantineLine,
} from '@winnow/core';
import { doShards } from './do-shards.ts';
import { LAYOUTS, ndjsonOf, recordTexts, render, spelling } from './layout-text.ts';
import { pack, type Packing } from './ndjson-text.ts';
import { outcomeOf } from './outcome.ts';
import { inChunks } from './passing-storage.ts';
import { prepareRun, receiptsOf, withFolder, writeFiles, type PreparedRun } from './prepared-run.ts';

type Left = Pick<QuarantineLine, 'offset' | 'lineInUnit' | 'raw'>;

/** What a run of one unit has in quarantine. */
async function quarantineOf(prepared: PreparedRun): Promise<Left[]> {
  const left: Left[] = [];
  for (const { quarantine } of await receiptsOf(prepared, 0)) {
    if (!quarantine) continue;
    for await (const text of zstdTextCodec.lines(prepared.output.read(quarantine.key))) {
      const { offset, lineInUnit, raw } = parseJson(Buffer.from(text), quarantine.key, quarantineLine);
      left.push({ offset, lineInUnit, raw });
    }
  }
  return left;
}

const mended = (records: readonly MendedRecord[]) => new Map([['0', records]]);

test('what is mended stands in its place, all else where it stood, in any layout', async () => {
  const seen = { mended: 0, stillBad: 0, others: 0 };
  await fc.assert(
    fc.asyncProperty(
      recordTexts,
      fc.constantFrom('ndjson' as const, 'ndjson' as const, ...LAYOUTS),
      spelling,
      fc.array(fc.constantFrom('{"id":12345,"name":"a mended one"}', '{"id":', undefined), { minLength: 3 }),
      fc.constantFrom<Packing>('plain', 'gzip'),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 3 }),
      (texts, layout, spelled, choice, packing, chunks) =>
        withFolder(async (folder) => {
          const rendered = layout === 'ndjson' ? ndjsonOf(texts) : render(texts, layout, spelled);
          const options = {
            layout: 'mirror' as const,
            ...(layout === 'documents' ? { recordsPath: 'r' } : {}),
          };
          await writeFiles(folder, { 'in/0': pack(rendered.text, packing, []) });
          const before = await prepareRun(folder, { ...options, output: 'before' });
          await doShards(before);
          const bad = await quarantineOf(before);
          const records = bad.flatMap(({ offset }, n): MendedRecord[] => {
            const raw = choice[n % choice.length];
            return raw === undefined ? [] : [{ offset, raw }];
          });

          const raws = new Map(records.map(({ offset, raw }) => [offset, raw]));
          const replaced = texts.map((text, n) => raws.get(rendered.records[n]?.offset ?? -1) ?? text);
          await writeFiles(folder, { 'lines/0': ndjsonOf(replaced).text });
          const asLines = await prepareRun(folder, {
            source: 'lines',
            output: 'lines-out',
            layout: 'mirror',
          });
          await doShards(asLines);

          const after = await prepareRun(folder, { ...options, output: 'after' });
          await doShards(after, { source: inChunks(after.source, chunks), mendedInputs: mended(records) });
          const [expected, found] = [await outcomeOf(asLines), await outcomeOf(after)];
          expect(found.rows).toEqual(expected.rows);
          expect(found.sums.records).toEqual(expected.sums.records);
          expect(found.sums.problems.first).toEqual([]);
          expect(found.sums.bytes.decoded).toBe(rendered.text.length);
          expect(found.sums.lines).toBe(texts.length);
          const stays = bad
            .filter(({ offset }) => raws.get(offset)?.endsWith('}') !== true)
            .map((left) => ({ ...left, raw: raws.get(left.offset) ?? left.raw }));
          expect(await quarantineOf(after)).toEqual(stays);
          seen.mended += bad.length - stays.length;
          seen.stillBad += records.filter(({ raw }) => !raw.endsWith('}')).length;
          seen.others += stays.length;
        }),
    ),
    { numRuns: 25 },
  );
  expect(Math.min(seen.mended, seen.stillBad, seen.others)).toBeGreaterThan(0);
});

test.each([
  ['a byte order mark', '\ufeff{"id":1\n{"id":2}\n', [3]],
  ['no line feed at the end', '{"id":2}\n{"id":1', [9]],
  ['carriage returns and blank lines', '\r\n{"id":1\r\n\n{"id":2}\r\n', [2]],
  ['a line that is too long', `{"id":2}\n{"name":"${'x'.repeat(3000)}"}\n`, [9]],
  ['something between elements', '[{"id":2},,{"id":3}]', [10]],
  ['two elements without a comma', '[{"id":2} {"id":3}]', undefined],
  ['a text that is cut', '[{"id":2},{"id":3', undefined],
  ['junk behind the last one', '[{"id":2}] junk', undefined],
  ['adjacent elements', '[{"id":2}{"id":3},{"id":4}]', undefined],
])('mends %s', (_, text, offsets) =>
  withFolder(async (folder) => {
    await writeFiles(folder, { 'in/0': text });
    const options = { layout: 'mirror' as const, maxRecordBytes: 1000 };
    const before = await prepareRun(folder, { ...options, output: 'before' });
    await doShards(before);
    const bad = await quarantineOf(before);
    if (offsets) expect(bad.map(({ offset }) => offset)).toEqual(offsets);
    expect(bad.length).toBeGreaterThan(0);
    for (const chunk of [1, 2, 7, 100_000]) {
      const after = await prepareRun(folder, { ...options, output: `after-${chunk}` });
      const records = [...new Set(bad.map(({ offset }) => offset))].map((offset) => ({
        offset,
        raw: '{"id":9}',
      }));
      await doShards(after, { source: inChunks(after.source, [chunk]), mendedInputs: mended(records) });
      const { rows, sums } = await outcomeOf(after);
      const { sums: was } = await outcomeOf(before);
      expect(sums.records.read).toBe(was.records.read);
      expect(sums.records.written).toBe(was.records.written + records.length);
      expect(rows.filter((row) => JSON.stringify(row).includes('9'))).toHaveLength(records.length);
    }
  }),
);
