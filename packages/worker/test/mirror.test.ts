import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ConflictError, type Receipt } from '@winnow/core';
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { doShards } from './do-shards.ts';
import { ndjsonText } from './ndjson-text.ts';
import { outcomeOf } from './outcome.ts';
import { disturbed } from './passing-storage.ts';
import {
  prepareRun,
  receiptsOf,
  withFolder,
  writeFiles,
  type Files,
  type PreparedRun,
} from './prepared-run.ts';

const lines = (first: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `{"id":${first + i}}\n`).join('');

async function idsIn(folder: string, key: string): Promise<number[]> {
  const file = await asyncBufferFromFile(join(folder, 'out', key));
  return (await parquetReadObjects({ file, compressors })).map((row) => Number(row['id']));
}

async function assertBalanced(prepared: PreparedRun): Promise<void> {
  const { sums } = await outcomeOf(prepared);
  expect([sums.problems.first, sums.missing.first]).toEqual([[], []]);
}

async function outputsOf({ output }: PreparedRun): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of output.list('')) if (!key.startsWith('_winnow/')) keys.push(key);
  return keys;
}

const onlyReceipt = async (prepared: PreparedRun): Promise<Receipt> => {
  const [receipt, ...more] = await receiptsOf(prepared, 0);
  expect(more).toEqual([]);
  return receipt!;
};

test('a unit of many inputs has an output for each, which its receipt lists with its input', () =>
  withFolder(async (folder) => {
    const files: Record<string, string> = {};
    for (let n = 0; n < 60; n++) files[`in/${n % 7}/${n}.ndjson`] = lines(n * 10, n % 5);
    await writeFiles(folder, files);
    const prepared = await prepareRun(folder, { layout: 'mirror' });
    expect(prepared.run.plan.units).toBe(1);
    await doShards(prepared);
    const { parts } = await onlyReceipt(prepared);
    expect(parts).toHaveLength(60);
    for (const { key, input, rows } of parts) {
      expect(`in/${input}`.replace('.ndjson', '.parquet')).toBe(`in/${key}`);
      const n = Number(/(\d+)\.ndjson$/.exec(input!)![1]);
      expect(rows).toBe(n % 5);
      expect(await idsIn(folder, key)).toEqual(Array.from({ length: n % 5 }, (_, i) => n * 10 + i));
    }
    await assertBalanced(prepared);
  }));

test('an output has the same bytes whatever else its unit holds', () =>
  withFolder(async (folder) => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(ndjsonText, { minLength: 2, maxLength: 5 }), async (texts) => {
        const at = join(folder, String(run++));
        const files: Files = Object.fromEntries(texts.map((text, n) => [`in/${n}`, text]));
        await writeFiles(at, files);
        const together = await prepareRun(at, { layout: 'mirror' });
        const apart = await prepareRun(at, { layout: 'mirror', output: 'apart', unitBytes: 1 });
        expect(together.run.plan.units).toBe(1);
        await doShards(together);
        await doShards(apart);
        for (const key of texts.map((_, n) => `${n}.parquet`))
          expect(await readFile(join(at, 'out', key))).toEqual(await readFile(join(at, 'apart', key)));
        await assertBalanced(together);
        await assertBalanced(apart);
      }),
      { numRuns: 15 },
    );
  }));

test('an input larger than a unit is one output', () =>
  withFolder(async (folder) => {
    await writeFiles(folder, {
      'in/plain.json': lines(0, 5000),
      'in/packed.json.gz': gzipSync(lines(5000, 5000)),
    });
    const prepared = await prepareRun(folder, { layout: 'mirror', unitBytes: 4096 });
    expect(prepared.run.plan.units).toBe(2);
    await doShards(prepared);
    expect(await outputsOf(prepared)).toEqual(['packed.parquet', 'plain.parquet']);
    expect(await idsIn(folder, 'plain.parquet')).toHaveLength(5000);
    expect((await idsIn(folder, 'packed.parquet'))[4999]).toBe(9999);
    await assertBalanced(prepared);
  }));

describe('inputs that are not all good', () => {
  const noise = Array.from({ length: 4000 }, (_, i) => `{"id":${i},"name":"${(i * 7919) % 10007}"}\n`).join(
    '',
  );
  const FILES = {
    'in/a.json': lines(0, 3),
    'in/bad.json': 'no json\n{\n',
    'in/blank.json': '\n \n',
    'in/cut.json.gz': gzipSync(noise).subarray(0, 8000),
    'in/empty.json': '',
    'in/no-gzip.json.gz': Buffer.concat([gzipSync('').subarray(0, 4)]),
    'in/z.json': lines(90, 2),
  };

  test('only bad, blank or no lines: an empty output; cut: what was good; nothing to read: none', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, FILES);
      const prepared = await prepareRun(folder, { layout: 'mirror' });
      await doShards(prepared);
      const receipt = await onlyReceipt(prepared);
      const rows = Object.fromEntries(receipt.parts.map(({ key, rows }) => [key, rows]));
      expect(rows).toMatchObject({
        'a.parquet': 3,
        'bad.parquet': 0,
        'blank.parquet': 0,
        'empty.parquet': 0,
        'z.parquet': 2,
      });
      expect(rows['cut.parquet']).toBeGreaterThan(100);
      expect(rows['no-gzip.parquet']).toBeUndefined();
      expect(await outputsOf(prepared)).toEqual(Object.keys(rows).sort());
      expect(receipt.refused.map(({ input, reason }) => [input, reason])).toEqual([
        ['cut.json.gz', 'truncated'],
        ['no-gzip.json.gz', 'truncated'],
      ]);
      expect(receipt.records.quarantined).toBe(2);
      expect(await idsIn(folder, 'empty.parquet')).toEqual([]);
      await assertBalanced(prepared);
    }));

  test('one that changes while others are read has no output, and changes none of the others', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, FILES);
      const whole = await prepareRun(folder, { layout: 'mirror', output: 'whole' });
      await doShards(whole);
      const prepared = await prepareRun(folder, { layout: 'mirror' });
      const source = disturbed(prepared.source, 'z.json', {
        before: (reading) =>
          reading === 0 ? appendFile(join(folder, 'in/z.json'), lines(92, 1)) : Promise.resolve(),
      });
      await doShards(prepared, { source });
      const outputs = await outputsOf(prepared);
      expect(outputs).toEqual((await outputsOf(whole)).filter((key) => key !== 'z.parquet'));
      for (const key of outputs)
        expect(await readFile(join(folder, 'out', key))).toEqual(await readFile(join(folder, 'whole', key)));
      await assertBalanced(prepared);
    }));
});

describe('what an attempt finds in the place of an output', () => {
  test('equal bytes of one that died before its receipt: taken as they are', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a.json': lines(0, 3), 'in/b.json': lines(3, 3) });
      const whole = await prepareRun(folder, { layout: 'mirror', output: 'whole' });
      await doShards(whole);
      const prepared = await prepareRun(folder, { layout: 'mirror' });
      await writeFile(join(folder, 'out/b.parquet'), await readFile(join(folder, 'whole/b.parquet')));
      await doShards(prepared);
      expect(await onlyReceipt(prepared)).toEqual(await onlyReceipt(whole));
    }));

  test("a stranger's bytes: the run stops with both hashes, and they stay", () =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a.json': lines(0, 3), 'in/b.json': lines(3, 3) });
      const prepared = await prepareRun(folder, { layout: 'mirror' });
      await writeFile(join(folder, 'out/b.parquet'), 'mine');
      const stopped = doShards(prepared);
      await expect(stopped).rejects.toThrow(ConflictError);
      await expect(stopped).rejects.toThrow(
        /out\/b\.parquet: 4 bytes with sha256 [0-9a-f]{64} stand there that are not this run's: this attempt has \d+ bytes with sha256 [0-9a-f]{64}/,
      );
      expect(await readFile(join(folder, 'out/b.parquet'), 'utf8')).toBe('mine');
      expect(await receiptsOf(prepared, 0)).toEqual([]);
      await rm(join(folder, 'out/b.parquet'));
      await doShards(prepared);
      await assertBalanced(prepared);
    }));
});
