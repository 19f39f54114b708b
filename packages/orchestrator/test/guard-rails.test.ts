import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rmdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Attempt, Report } from '@winnow/core';
import { CLOCK_SET_BACK } from './clock-set-back.ts';
import { askDuckDb, readRows } from './judge.ts';
import { runReport, startWinnow, winnow, withFolder } from './winnow.ts';

const IO = ['--source', 'in', '--output', 'out'];

async function writeInput(folder: string, name: string | Buffer, text: string): Promise<void> {
  await mkdir(join(folder, 'in'), { recursive: true });
  await writeFile(Buffer.concat([Buffer.from(join(folder, 'in/')), Buffer.from(name)]), text);
}

/** Every file below a folder, by its path. */
const filesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

const NAMES: readonly (string | Buffer)[] = [
  'with space.ndjson',
  'quote\'".ndjson',
  'new\nline.ndjson',
  '..dots...ndjson',
  'back\\..\\slash.ndjson',
  '100%25%2e%2e%2f.ndjson',
  'Ünïcode-日本-🙂.ndjson',
  Buffer.concat([Buffer.from('bad-'), Buffer.from([0xff, 0xfe]), Buffer.from('.ndjson')]),
  '-rf.ndjson',
  '*?[a].ndjson',
];

test.each(['parts', 'mirror'])('names of any bytes are read once and lead nowhere else (%s)', (layout) =>
  withFolder(async (folder) => {
    for (const [id, name] of NAMES.entries()) await writeInput(folder, name, `{"id":${id}}\n`);
    const { code, report } = await runReport([...IO, '--layout', layout], folder);
    expect(report).toMatchObject({ balanced: true, inputs: { total: NAMES.length, refused: [] } });
    expect(code).toBe(0);
    expect(report.records).toMatchObject({ read: NAMES.length, written: NAMES.length });
    expect((await winnow(['verify', 'out'], folder)).code).toBe(0);
    if (layout === 'mirror') {
      const outputs = await readdir(join(folder, 'out'), 'buffer');
      expect(
        outputs
          .map((name) => name.toString('latin1'))
          .filter((name) => name !== '_winnow' && name !== '_SUCCESS')
          .sort(),
      ).toEqual(
        NAMES.map((name) =>
          Buffer.from(name)
            .toString('latin1')
            .replace(/\.ndjson$/, '.parquet'),
        ).sort(),
      );
    } else
      expect(
        (await readRows(join(folder, 'out'))).map((row) => Number(row['id'])).sort((a, b) => a - b),
      ).toEqual(NAMES.map((_, id) => id));
    expect(await readdir(folder)).toEqual(['in', 'out']);
    expect((await readdir(join(folder, 'in'))).length).toBe(NAMES.length);
    const again = await runReport([...IO, '--layout', layout], folder);
    expect(again.code).toBe(0);
  }),
);

test('a loop of links ends, and a link that leaves the source is followed without a byte outside the output', () =>
  withFolder(async (folder) => {
    await writeInput(folder, 'a.ndjson', '{"id":1}\n');
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere/b.ndjson'), '{"id":2}\n');
    await symlink('.', join(folder, 'in/loop'));
    await symlink('../elsewhere', join(folder, 'in/away'));
    const { code } = await runReport([...IO, '--layout', 'mirror'], folder);
    expect(code).toBe(0);
    const outputs = (await filesBelow(join(folder, 'out'))).filter((path) => path.endsWith('.parquet'));
    expect(outputs).toEqual(['a.parquet', 'away/b.parquet']);
    expect(await filesBelow(join(folder, 'elsewhere'))).toEqual(['b.ndjson']);
  }));

describe('records that are made to hurt', () => {
  test('100,000 levels are quarantined, 20,000 keys are kept, names of prototypes are columns like others', () =>
    withFolder(async (folder) => {
      const deep = `{"id":1,"deep":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
      const wide = JSON.stringify(
        Object.fromEntries([['id', 2], ...Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])]),
      );
      const named = '{"id":3,"__proto__":{"polluted":true},"constructor":"c","toString":"t"}';
      await writeInput(folder, 'x.ndjson', [deep, wide, named, ''].join('\n'));
      const schema = 'columns:\n  id: int64\n  __proto__: json\n  constructor: text\n  toString: text\n';
      await writeFile(join(folder, 'schema.yaml'), schema);
      const args = [...IO, '--schema', 'schema.yaml', '--max-quarantined', '1'];
      const { code, report } = await runReport(args, folder);
      expect(code).toBe(0);
      expect(report.quarantine).toEqual([{ reason: 'too-deep', records: 1 }]);
      const rows = await readRows(join(folder, 'out'));
      expect(rows.map((row) => Number(row['id']))).toEqual([2, 3]);
      const rest = rows[0]?.['_rest'];
      expect(
        Object.keys(typeof rest === 'string' ? (JSON.parse(rest) as object) : (rest as object)),
      ).toHaveLength(20_000);
      expect(rows[1]).toMatchObject({ constructor: 'c', toString: 't' });
      const query = 'SELECT "__proto__" FROM output WHERE id = 3';
      expect(await askDuckDb(join(folder, 'out'), query)).toEqual(['{"polluted":true}']);
    }));

  test('with an inferred schema too', () =>
    withFolder(async (folder) => {
      const named = '{"id":3,"__proto__":"p","constructor":"c"}\n';
      await writeInput(folder, 'x.ndjson', named);
      expect((await runReport([...IO, '--format', 'ndjson', '--drift', 'drop'], folder)).code).toBe(0);
      const [part] = (await readdir(join(folder, 'out'))).filter((name) => name.startsWith('part-'));
      expect(await readFile(join(folder, 'out', part!), 'utf8')).toBe(named);
    }));

  test('a line that is longer than a record may be is quarantined by hash and length', () =>
    withFolder(async (folder) => {
      const long = `{"id":1,"text":"${'x'.repeat(3_000_000)}"}`;
      await writeInput(folder, 'x.ndjson', `{"id":0}\n${long}\n{"id":2}\n`);
      const { code, report } = await runReport([...IO, '--max-record-bytes', '1MiB'], folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({ balanced: true, records: { read: 3, written: 2, quarantined: 1 } });
      expect(report.quarantine).toEqual([{ reason: 'record-too-long', records: 1 }]);
      const { stdout } = await winnow(['inspect', 'quarantine', 'out', '--json'], folder);
      const sha256 = createHash('sha256').update(long).digest('hex');
      expect(JSON.parse(stdout)).toMatchObject({ line: 2, rawLength: long.length, sha256 });
    }));
});

describe('an output that cannot be written', () => {
  test.each(['/proc/winnow', '/dev/null/out', 'file/out'])(
    '%s is told in one line, and nothing is started',
    (output) =>
      withFolder(async (folder) => {
        await writeInput(folder, 'a.ndjson', '{"id":1}\n');
        await writeFile(join(folder, 'file'), 'mine');
        const { code, stdout, stderr } = await winnow(['run', '--source', 'in', '--output', output], folder);
        expect([1, 2]).toContain(code);
        expect(stdout).toBe('');
        expect(stderr.trim().split('\n')).toHaveLength(1);
        expect(stderr).toContain(output);
        expect(await readFile(join(folder, 'file'), 'utf8')).toBe('mine');
      }),
  );
});

describe('a folder where a file is to be', () => {
  /** The same run in another output: names follow from the spec. */
  async function partName(folder: string): Promise<string> {
    expect((await winnow(['run', '--source', 'in', '--output', 'like'], folder)).code).toBe(0);
    return (await readdir(join(folder, 'like'))).find((name) => name.startsWith('part-'))!;
  }

  test.each(['parts', 'mirror'])(
    'in place of a part: no second try, one line that names it; moved away, all is done (%s)',
    (layout) =>
      withFolder(async (folder) => {
        await writeInput(folder, 'a.ndjson', '{"id":1}\n');
        const name = layout === 'mirror' ? 'a.parquet' : await partName(folder);
        const path = join(folder, 'out', name);
        await mkdir(path, { recursive: true });
        const args = [...IO, '--layout', layout];
        const { code, report } = await runReport(args, folder);
        expect(code).toBe(1);
        expect(report).toMatchObject({ state: 'failed', attempts: { total: 1, failed: 1 } });
        expect(report.problems).toContainEqual(
          expect.stringMatching(/^shard 0 failed \(configuration\): .*: a folder stands at /),
        );
        expect(report.problems.join('\n')).toContain(path);
        await rmdir(path);
        expect((await runReport(args, folder)).report).toMatchObject({ state: 'succeeded', balanced: true });
        expect((await winnow(['verify', 'out'], folder)).code).toBe(0);
      }),
  );

  test.each(['_SUCCESS', '_winnow/generations/0.json'])('in place of %s: told in one line', (name) =>
    withFolder(async (folder) => {
      await writeInput(folder, 'a.ndjson', '{"id":1}\n');
      const path = join(folder, 'out', name);
      await mkdir(path, { recursive: true });
      const { code, stderr } = await winnow(['run', ...IO], folder);
      expect(code).toBe(1);
      const said = stderr.split('\n').filter((line) => line.includes('a folder stands at'));
      expect(said).toEqual([expect.stringContaining(`${path}: move it away and run the same command again`)]);
      await rmdir(path);
      expect((await runReport(IO, folder)).report).toMatchObject({ state: 'succeeded', balanced: true });
    }),
  );

  test('in place of an input that a list names: refused, the rest is done', () =>
    withFolder(async (folder) => {
      await writeInput(folder, 'a.ndjson', '{"id":1}\n');
      await mkdir(join(folder, 'in/b.ndjson'));
      await writeFile(join(folder, 'list'), 'in/a.ndjson\nin/b.ndjson\n');
      const { code, report } = await runReport(['--source', '@list', '--output', 'out'], folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({
        balanced: true,
        inputs: { total: 2, done: 1 },
        records: { written: 1 },
      });
      expect(report.inputs.refused).toMatchObject([{ input: 'b.ndjson', reason: 'vanished' }]);
      expect((await winnow(['verify', 'out'], folder)).code).toBe(0);
    }));
});

describe('a clock that is set back', () => {
  const NDJSON = [...IO, '--format', 'ndjson', '--json'];

  test('amid a run, at each look by a day, and between two runs changes no byte and no count', () =>
    withFolder(async (folder) => {
      await writeInput(folder, 'a.ndjson', '{"id":1}\n{"id":2}\n');
      const set = { NODE_OPTIONS: CLOCK_SET_BACK };
      const first = await startWinnow(['run', ...NDJSON], folder, set).ended;
      const report = JSON.parse(first.stdout) as Report;
      expect(report).toMatchObject({ state: 'succeeded', balanced: true, records: { written: 2 } });
      // It was ten years ahead, and did not end before it began.
      const tenYearsAhead = Date.now() + 3600 * 86_400_000;
      expect(Date.parse(report.time.startedAt)).toBeGreaterThan(tenYearsAhead);
      expect(report.time.endedAt >= report.time.startedAt).toBe(true);
      expect(report.time.seconds).toBeGreaterThan(0);
      expect(report.time.seconds).toBeLessThan(3600);
      const attempts = join(folder, 'out/_winnow', report.runId, 'attempts/0');
      const [record = ''] = await readdir(attempts);
      const attempt = JSON.parse(await readFile(join(attempts, record), 'utf8')) as Attempt;
      expect(attempt.updatedAt >= attempt.startedAt).toBe(true);

      // The clock is right again: what was written in the future is done all the same, and what is new is done after it.
      const again = await winnow(['run', ...IO, '--format', 'ndjson'], folder);
      expect(again.stdout).toContain('nothing to do');
      await writeInput(folder, 'b.ndjson', '{"id":3}\n');
      const second = await winnow(['run', ...NDJSON], folder);
      expect(JSON.parse(second.stdout)).toMatchObject({ state: 'succeeded', records: { written: 1 } });
      expect((await winnow(['verify', 'out'], folder)).code).toBe(0);
      // Nobody knows how old it is: it is kept.
      const { stdout } = await winnow(['gc', 'out', '--older-than', '0s'], folder);
      expect(stdout).toContain(`run ${report.runId} is kept: it ended not long enough ago`);

      const plain = await runReport(['--source', 'in', '--output', 'plain', '--format', 'ndjson'], folder);
      expect(plain.report.records.written).toBe(3);
      const texts = async (output: string): Promise<string> => {
        const names = (await readdir(join(folder, output))).filter((name) => name.startsWith('part-')).sort();
        return (await Promise.all(names.map((name) => readFile(join(folder, output, name), 'utf8')))).join(
          '',
        );
      };
      expect(await texts('out')).toBe(await texts('plain'));
    }));
});

test('files from the future are read, and done once', () =>
  withFolder(async (folder) => {
    await writeInput(folder, 'a.ndjson', '{"id":1}\n');
    const future = new Date('2199-01-01T00:00:00Z');
    await utimes(join(folder, 'in/a.ndjson'), future, future);
    expect((await runReport(IO, folder)).report).toMatchObject({ balanced: true, records: { written: 1 } });
    expect((await winnow(['run', ...IO], folder)).stdout).toContain('nothing to do');
    expect(await readRows(join(folder, 'out'))).toHaveLength(1);
  }));
