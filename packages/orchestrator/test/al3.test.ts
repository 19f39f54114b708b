import { readFile, readdir, writeFile, mkdir } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { dirname, join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Al3Manifest } from '../src/sample/al3/make.ts';
import { runReport, winnow, withFolder } from './winnow.ts';

interface Node {
  readonly group: string;
  readonly elements?: Readonly<Record<string, unknown>>;
  readonly children?: readonly Node[];
  readonly input?: string;
}
interface Document {
  readonly messages: readonly { readonly transactions: readonly Node[] }[];
  readonly diagnostics: readonly { readonly code: string }[];
}

const AL3 = ['--source', 'in', '--output', 'out', '--input-format', 'al3'];

async function makeSample(folder: string, ...flags: string[]): Promise<Al3Manifest> {
  const made = await winnow(['sample', 'al3', '--output', 'in', '--files', '28', ...flags], folder);
  expect(made).toMatchObject({ code: 0 });
  return JSON.parse(await readFile(join(folder, 'in.manifest.json'), 'utf8')) as Al3Manifest;
}

async function documentOf(folder: string, file: string): Promise<Document> {
  const text = await readFile(join(folder, 'out', file.replace(/AL3(\.gz)?$/, 'json')), 'utf8');
  return JSON.parse(text) as Document;
}

const transactionsOf = ({ messages }: Document): Node[] =>
  messages.flatMap(({ transactions }) => [...transactions]);

/** In cents. */
function premiumOf({ group, elements, children = [] }: Node): number {
  const own = group === '5BPI' ? Math.round(Number(elements?.['term_amount']) * 100) : 0;
  return children.reduce((sum, child) => sum + premiumOf(child), own);
}

async function partLines(folder: string): Promise<Node[]> {
  const names = (await readdir(join(folder, 'out'))).filter((name) => name.startsWith('part-'));
  const texts = await Promise.all(names.sort().map((name) => readFile(join(folder, 'out', name), 'utf8')));
  return texts
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Node);
}

describe('winnow run --input-format al3', () => {
  test('mirrors files as documents, with all that the sample has', () =>
    withFolder(async (folder) => {
      const { list, transactions } = await makeSample(folder);
      const { code, report } = await runReport(AL3, folder);
      expect([code, report.state, report.balanced]).toEqual([0, 'succeeded', true]);
      expect(report.records).toEqual({
        read: transactions,
        written: transactions,
        filtered: 0,
        quarantined: 0,
      });
      expect(report.diagnostics).toBeUndefined();
      for (const facts of list) {
        const document = await documentOf(folder, facts.file);
        const found = transactionsOf(document);
        expect([facts.file, found.length, document.diagnostics]).toEqual([
          facts.file,
          facts.transactions,
          [],
        ]);
        expect(found.reduce((sum, one) => sum + premiumOf(one), 0)).toBe(facts.premium);
      }
      expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });
      expect(await winnow(['run', ...AL3], folder)).toMatchObject({ code: 0 });
    }));

  test('writes or quarantines each transaction whole, and counts it', () =>
    withFolder(async (folder) => {
      const { faults, transactions } = await makeSample(folder, '--faults', 'all');
      const { code, report } = await runReport([...AL3, '--unit-size', '64KiB'], folder);
      expect(report.units.total).toBeGreaterThan(2);
      const { junk = 0, outside = 0 } = faults;
      expect([code, report.state, report.balanced]).toEqual([1, 'partial', true]);
      expect(report.records).toEqual({
        ...{ read: transactions + outside, written: transactions - junk, filtered: 0 },
        quarantined: junk + outside,
      });
      expect(Object.fromEntries(report.quarantine.map(({ reason, records }) => [reason, records]))).toEqual({
        ...{ 'not-a-group': junk, 'outside-transaction': outside },
      });
      const told = Object.fromEntries(
        (report.diagnostics ?? []).map(({ code: what, count }) => [what, count]),
      );
      expect(told).toMatchObject({
        ...{ 'not-a-group': junk, 'cut-group': faults['cut'], 'value-misfit': faults['value'] },
        ...{ 'parent-missing': faults['parent'] ?? 0, 'outside-transaction': outside },
      });
      const quarantine = await winnow(['inspect', 'quarantine', 'out', '--json'], folder);
      expect(quarantine.stdout.trim().split('\n')).toHaveLength(junk + outside);
    }));

  test('quarantines what has any error in it where it is strict', () =>
    withFolder(async (folder) => {
      const { faults, transactions } = await makeSample(folder, '--faults', 'value,cut,count');
      const { report } = await runReport([...AL3, '--strict'], folder);
      const quarantined = (faults['value'] ?? 0) + (faults['cut'] ?? 0);
      expect(report.records).toEqual({
        ...{ read: transactions, written: transactions - quarantined, filtered: 0, quarantined },
      });
    }));

  test('writes a transaction a line into few parts, the same bytes by one process or two', () =>
    withFolder(async (folder) => {
      const { transactions, premium } = await makeSample(folder);
      const flags = [...AL3, '--format', 'ndjson', '--layout', 'parts', '--unit-size', '64KiB'];
      const first = await runReport([...flags, '--concurrency', '1'], folder);
      expect(first.report).toMatchObject({ state: 'succeeded', records: { written: transactions } });
      const lines = await partLines(folder);
      expect(lines).toHaveLength(transactions);
      expect(lines.reduce((sum, one) => sum + premiumOf(one), 0)).toBe(premium);
      expect(new Set(lines.map(({ input }) => input)).size).toBe(28);
      const again = flags.map((word) => (word === 'out' ? 'again' : word));
      const second = await runReport([...again, '--concurrency', '2'], folder);
      expect(second.report.parts.map(({ sha256 }) => sha256)).toEqual(
        first.report.parts.map(({ sha256 }) => sha256),
      );
    }));

  test('reads by a dictionary of the user, and overrides', () =>
    withFolder(async (folder) => {
      await makeSample(folder);
      await mkdir(join(folder, 'config'));
      await writeFile(
        join(folder, 'config/overrides.yaml'),
        'schema:\n  groups:\n    - code: 5BPI\n      elements:\n        - { seq_num: 11, data_type: AN, name: term }\n',
      );
      await writeFile(join(folder, 'own.csv'), 'group,number,name,start,length,type\n5ZZZ,1,odd,31,4,AN\n');
      await runReport([...AL3, '--dictionary', 'own.csv', '--raw', '--decimals', 'string'], folder);
      const [file = ''] = (await readdir(join(folder, 'out/0000'))).sort();
      const text = await readFile(join(folder, 'out/0000', file), 'utf8');
      expect(text).toMatch(/"term":"\d{11}[+]"/);
      expect(text).toMatch(/"premium":"\d+\.\d\d"/);
      expect(text).toContain('"rawElements":{');
      const all = await Promise.all(
        (await readdir(join(folder, 'out/0000'))).map((name) =>
          readFile(join(folder, 'out/0000', name), 'utf8'),
        ),
      );
      expect(all.join('')).toContain('"elements":{},"notSent":["odd"]');
    }));

  test('leaves out the transaction that a damaged file ends in, and lists the rest as refused', () =>
    withFolder(async (folder) => {
      const { list } = await makeSample(folder, '--transactions', '400');
      const { file = '' } = [...list].sort((a, b) => b.bytes - a.bytes)[0] ?? {};
      const path = join(folder, 'in', file);
      const packed = gzipSync(await readFile(path));
      await mkdir(join(folder, 'cut', dirname(file)), { recursive: true });
      await writeFile(join(folder, 'cut', `${file}.gz`), packed.subarray(0, Math.floor(packed.length / 2)));
      const { code, report } = await runReport(['--source', 'cut', ...AL3.slice(2)], folder);
      expect([code, report.state, report.balanced]).toEqual([1, 'partial', true]);
      expect(report.inputs.refused).toMatchObject([{ input: `${file}.gz`, reason: 'truncated' }]);
      const found = transactionsOf(await documentOf(folder, `${file}.gz`));
      expect(report.records).toEqual({
        read: found.length,
        written: found.length,
        filtered: 0,
        quarantined: 0,
      });
      expect(found.length).toBeGreaterThan(10);
    }));

  test('writes an empty part where there is nothing', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/nothing.AL3'), '');
      const { report } = await runReport([...AL3, '--format', 'json', '--layout', 'parts'], folder);
      const [part] = report.parts;
      expect(await readFile(part?.uri ?? '', 'utf8')).toBe('[\n]\n');
    }));

  test('is not redriven', () =>
    withFolder(async (folder) => {
      await makeSample(folder, '--faults', 'junk');
      await runReport([...AL3, '--layout', 'parts'], folder);
      const ended = await winnow(['redrive', ...AL3.slice(0, 4), '--format', 'json'], folder);
      expect(ended).toMatchObject({ code: 2, stderr: expect.stringContaining('a redrive is for JSON') });
    }));
});
