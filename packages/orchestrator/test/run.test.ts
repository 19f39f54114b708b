import { appendFile, copyFile, mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { parquetMetadata } from 'hyparquet';
import { askDuckDb, readRows } from './judge.ts';
import { partHashes, runReport, startWinnow, winnow, withFolder } from './winnow.ts';

/** `n` records with an id from `first` on. */
const lines = (n: number, first = 0): string =>
  Array.from({ length: n }, (_, i) => `${JSON.stringify({ id: first + i, text: `t${first + i}` })}\n`).join(
    '',
  );

async function archive(folder: string): Promise<void> {
  await mkdir(join(folder, 'in/deep'), { recursive: true });
  await writeFile(join(folder, 'in/a.ndjson'), lines(100));
  await writeFile(
    join(folder, 'in/deep/b.gz'),
    Buffer.concat([gzipSync(lines(50, 100)), gzipSync(lines(50, 150))]),
  );
  const frames = [zstdCompressSync(lines(60, 200)), zstdCompressSync(lines(40, 260))];
  await writeFile(join(folder, 'in/named-wrongly.txt'), Buffer.concat(frames));
}
const IO = ['--source', 'in', '--output', 'out'];

describe('winnow run', () => {
  test('reads plain, gzip and zstd by content and writes every record once', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const { code, report } = await runReport(IO, folder);
      expect(code).toBe(0);
      expect(report).toMatchObject({
        state: 'succeeded',
        balanced: true,
        records: { read: 300, written: 300, filtered: 0, quarantined: 0 },
        inputs: { total: 3, done: 3, refused: [] },
      });
      const rows = await readRows(join(folder, 'out'));
      expect(rows.map((row) => Number(row['id'])).sort((a, b) => a - b)).toEqual(
        Array.from({ length: 300 }, (_, i) => i),
      );
      const [count, sum, distinct] = await askDuckDb(
        join(folder, 'out'),
        'SELECT count(*), sum(id), count(DISTINCT text) FROM output',
      );
      expect([count, sum, distinct].map(Number)).toEqual([300, 44_850, 300]);
      expect(JSON.parse(await readFile(join(folder, 'out/_SUCCESS'), 'utf8'))).toMatchObject({
        generation: 0,
      });
    }));

  test('the same command again has nothing to do; a new input alone is done under the same schema', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const first = await runReport(IO, folder);
      const before = await partHashes(join(folder, 'out'));
      const again = await winnow(['run', ...IO], folder);
      expect(again).toMatchObject({
        code: 0,
        stdout: `nothing to do: run ${first.report.runId} has done all inputs\n`,
      });
      expect(await partHashes(join(folder, 'out'))).toEqual(before);

      await writeFile(join(folder, 'in/new.ndjson'), `{"id":300,"text":"t300","more":[1]}\n`);
      const next = await runReport(IO, folder);
      expect(next).toMatchObject({ code: 0, report: { records: { read: 1 }, inputs: { total: 1 } } });
      expect(next.report.runId).toMatch(/^0001-/);
      expect(await partHashes(join(folder, 'out'))).toMatchObject(before);
      const rows = await readRows(join(folder, 'out'));
      expect(rows).toHaveLength(301);
      expect(rows.filter((row) => row['_rest'] !== null)).toMatchObject([
        { id: 300n, _rest: '{"more":[1]}' },
      ]);
    }));

  test('an input that changed since it was written is named and left alone', () =>
    withFolder(async (folder) => {
      await archive(folder);
      await runReport(IO, folder);
      const before = await partHashes(join(folder, 'out'));
      await appendFile(join(folder, 'in/a.ndjson'), lines(1, 999));
      const again = await winnow(['run', ...IO], folder);
      expect(again.code).toBe(1);
      expect(again.stdout).toContain('1 of them changed since');
      expect(again.stdout).toContain('  a.ndjson\n');
      await writeFile(join(folder, 'in/new.ndjson'), lines(1, 300));
      const next = await runReport(IO, folder);
      expect(next).toMatchObject({
        code: 1,
        report: {
          state: 'partial',
          balanced: true,
          records: { read: 1, written: 1 },
          inputs: { total: 2, done: 1, refused: [{ input: 'a.ndjson', reason: 'changed' }] },
        },
      });
      expect(await partHashes(join(folder, 'out'))).toMatchObject(before);
    }));

  test('another spec in the same output is refused, naming both runs', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const { report } = await runReport(IO, folder);
      const other = await winnow(['run', ...IO, '--drift', 'drop'], folder);
      expect(other.code).toBe(2);
      expect(other.stdout).toBe('');
      expect(other.stderr).toContain(
        `holds run ${report.runId} of another spec; this command would be run 0001-`,
      );
      expect(other.stderr.trim().split('\n')).toHaveLength(1);
    }));

  test('settings that change no byte are no other spec', () =>
    withFolder(async (folder) => {
      await archive(folder);
      await runReport(IO, folder);
      const again = await winnow(
        ['run', ...IO, '--concurrency', '1', '--memory', '1GiB', '--max-quarantined', '5'],
        folder,
      );
      expect(again).toMatchObject({ code: 0 });
      expect(again.stdout).toContain('nothing to do');
    }));

  test('--dry-run needs no output and tells each input and the sums', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const { code, stdout } = await winnow(['run', '--source', 'in', '--dry-run'], folder);
      expect(code).toBe(0);
      for (const input of ['a.ndjson', 'deep/b.gz', 'named-wrongly.txt'])
        expect(stdout).toContain(`  ${input}  `);
      expect(stdout).toContain('inputs   3 inputs');
      expect(stdout).toContain('columns  id int64, text text, _rest text');
      expect(await readdir(folder)).toEqual(['in']);
    }));

  test('an output inside the source is never an input', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const args = ['--source', 'in', '--output', 'in/out'];
      expect((await runReport(args, folder)).report.inputs.total).toBe(3);
      expect((await winnow(['run', ...args], folder)).stdout).toContain('nothing to do');
    }));

  test.each([
    [['--codec', 'none'], 'UNCOMPRESSED', true],
    [['--codec', 'snappy'], 'SNAPPY', true],
    [['--parquet-profile', 'compatible'], 'SNAPPY', false],
    [['--level', '7'], 'ZSTD', true],
  ])('with %j parts are %s, and a run without rows has a part', (flags, codec, hasIndex) =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      for (const text of ['', lines(1000)]) {
        await writeFile(join(folder, 'in/a.ndjson'), text);
        const { report } = await runReport([...IO.with(-1, `out${text.length}`), ...flags], folder);
        const [part] = report.parts;
        const file = await readFile(join(folder, `out${text.length}`, part!.uri.split('/').at(-1)!));
        const { row_groups, num_rows } = parquetMetadata(Uint8Array.from(file).buffer);
        expect(Number(num_rows)).toBe(text === '' ? 0 : 1000);
        for (const { meta_data, offset_index_offset } of row_groups.flatMap(({ columns }) => columns))
          expect([meta_data!.codec, offset_index_offset !== undefined]).toEqual([codec, hasIndex]);
      }
    }),
  );

  test('a level without zstd is refused in one line', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const { code, stderr } = await winnow(['run', ...IO, '--codec', 'snappy', '--level', '3'], folder);
      expect(code).toBe(2);
      expect(stderr).toContain(
        '--level must be left out where the codec is snappy: only zstd has levels, got 3',
      );
    }));

  test('a run without rows has one part with the schema', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/empty.ndjson'), '');
      const { code, report } = await runReport(IO, folder);
      expect(code).toBe(0);
      expect(report.records.read).toBe(0);
      expect(Object.keys(await partHashes(join(folder, 'out')))).toEqual([
        `part-${report.runId}-empty.parquet`,
      ]);
      const [count] = await askDuckDb(join(folder, 'out'), 'SELECT count(*) FROM (SELECT _rest FROM output)');
      expect(Number(count)).toBe(0);
    }));
});

describe('bad records', () => {
  const bad = '{"id":1,"text":"a"}\n{"id":2,\n\n[3]\n{"id":4,"text":"d"}';

  test('are quarantined with all there is to know, and make the exit code 1', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/x.ndjson'), bad);
      const { code, report } = await runReport(IO, folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({
        state: 'partial',
        balanced: true,
        records: { read: 4, written: 2, quarantined: 2 },
        skipped: { blank: 1 },
      });
      const { zstdDecompressSync } = await import('node:zlib');
      const file = join(folder, 'out/_winnow', report.runId, 'quarantine/000000-0000.ndjson.zst');
      const kept = zstdDecompressSync(await readFile(file))
        .toString()
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object);
      expect(kept).toMatchObject([
        { input: 'x.ndjson', offset: 20, lineInUnit: 2, raw: '{"id":2,', rawLength: 8 },
        { input: 'x.ndjson', offset: 30, lineInUnit: 4, reason: 'not-an-object', raw: '[3]' },
      ]);
    }));

  test.each([
    ['2', 0],
    ['1', 1],
    ['50%', 0],
    ['49%', 1],
  ])('--max-quarantined %s with 2 of 4 records bad: exit %d, everything else is done', (limit, expected) =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      await writeFile(join(folder, 'in/x.ndjson'), bad);
      const { code, report } = await runReport([...IO, '--max-quarantined', limit], folder);
      expect([code, report.records.written]).toEqual([expected, 2]);
    }),
  );
});

describe('drift', () => {
  const drifting = '{"id":1}\n{"id":"two","new":true}\n';
  const schema = 'columns:\n  id: int64\n';
  const run = async (folder: string, policy: string) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/x.ndjson'), drifting);
    await writeFile(join(folder, 'schema.yaml'), schema);
    return runReport([...IO, '--schema', 'schema.yaml', '--drift', policy], folder);
  };
  const seen = [
    { key: 'id', types: ['string'], records: 1 },
    { key: 'new', types: ['boolean'], records: 1 },
  ];

  test('rest keeps what does not fit as raw text', () =>
    withFolder(async (folder) => {
      const { code, report } = await run(folder, 'rest');
      expect(code).toBe(0);
      expect(report.drift).toEqual(seen.map((fact) => ({ ...fact, policy: 'rest' })));
      expect(await readRows(join(folder, 'out'))).toEqual([
        { id: 1n, _rest: null },
        { id: null, _rest: '{"id":"two","new":true}' },
      ]);
    }));

  test('drop leaves it out and counts it', () =>
    withFolder(async (folder) => {
      const { code, report } = await run(folder, 'drop');
      expect(code).toBe(0);
      expect(report.drift).toEqual(seen.map((fact) => ({ ...fact, policy: 'drop' })));
      expect(await readRows(join(folder, 'out'))).toEqual([{ id: 1n }, { id: null }]);
    }));

  test('fail quarantines the record', () =>
    withFolder(async (folder) => {
      const { code, report } = await run(folder, 'fail');
      expect(code).toBe(1);
      expect(report.quarantine).toEqual([{ reason: 'drift', records: 1 }]);
      expect(await readRows(join(folder, 'out'))).toEqual([{ id: 1n }]);
    }));
});

describe('inputs that cannot be read to their end', () => {
  test('a cut gzip is refused from the cut on; its whole records and all other inputs are done', () =>
    withFolder(async (folder) => {
      await archive(folder);
      const whole = gzipSync(lines(1000, 1000), { level: 0 });
      await writeFile(join(folder, 'in/cut.gz'), whole.subarray(0, whole.length / 2));
      const { code, report } = await runReport(IO, folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({ state: 'partial', balanced: true, inputs: { total: 4, done: 3 } });
      expect(report.inputs.refused).toMatchObject([{ input: 'cut.gz', reason: 'truncated' }]);
      expect(report.bytes.planned).toBe(report.bytes.read + report.bytes.refused);
      const ids = (await readRows(join(folder, 'out'))).map((row) => Number(row['id'])).sort((a, b) => a - b);
      const kept = ids.filter((id) => id >= 1000);
      expect(kept.length).toBeGreaterThan(300);
      expect(kept.length).toBeLessThan(700);
      expect(ids).toEqual([...Array.from({ length: 300 }, (_, i) => i), ...kept.map((_, i) => 1000 + i)]);
    }));

  test('a zstd frame with a wrong checksum is left out whole, the frame before it is kept', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const { constants } = await import('node:zlib');
      const frame = (text: string): Buffer =>
        zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
      const second = frame(lines(100, 100));
      second.writeUInt8(second.readUInt8(second.length - 1) ^ 1, second.length - 1);
      const first = frame(lines(100));
      await writeFile(join(folder, 'in/x.zst'), Buffer.concat([first, second]));
      const { code, report } = await runReport(IO, folder);
      expect(code).toBe(1);
      expect(report.records).toMatchObject({ read: 100, written: 100, quarantined: 0 });
      expect(report.inputs.refused).toMatchObject([
        { input: 'x.zst', reason: 'corrupt', offset: first.length, bytes: second.length },
      ]);
      expect(report.bytes).toMatchObject({ read: first.length, refused: second.length });
    }));

  test('inside a stream with sub-units: committed ones over the damage are listed as suspect', () =>
    withFolder(async (folder) => {
      await mkdir(join(folder, 'in'));
      const text = lines(20_000);
      const whole = gzipSync(text, { level: 1 });
      whole.writeUInt8(whole.readUInt8(whole.length - 8) ^ 1, whole.length - 8);
      await writeFile(join(folder, 'in/x.gz'), whole);
      const { code, report } = await runReport([...IO, '--unit-size', '128KiB'], folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({ state: 'partial', balanced: true });
      const [refused] = report.inputs.refused;
      expect(refused).toMatchObject({ reason: 'corrupt', offset: 0, bytes: whole.length });
      const parts = Object.keys(await partHashes(join(folder, 'out'))).length;
      expect(parts).toBeGreaterThan(0);
      expect(report.records.read).toBeLessThan(20_000);
      expect(refused?.suspect).toEqual(Array.from({ length: parts }, (_, sub) => ({ unit: 0, sub })));
    }));

  test('an input that is not there is refused and taken up by the same command when it is', () =>
    withFolder(async (folder) => {
      await archive(folder);
      // A list file may name what is not there: planned, and refused.
      await writeFile(join(folder, 'list.txt'), 'in/a.ndjson\nin/gone.ndjson\n');
      const args = ['--source', '@list.txt', '--output', 'out'];
      const { code, report } = await runReport(args, folder);
      expect(code).toBe(1);
      expect(report).toMatchObject({ state: 'partial', balanced: true, inputs: { total: 2, done: 1 } });
      expect(report.inputs.refused).toMatchObject([{ input: 'gone.ndjson', reason: 'vanished', bytes: 0 }]);
      await writeFile(join(folder, 'in/gone.ndjson'), lines(5, 500));
      const next = await runReport(args, folder);
      expect(next).toMatchObject({
        code: 0,
        report: { records: { written: 5 }, inputs: { total: 1, done: 1 } },
      });
      expect((await winnow(['run', ...args], folder)).stdout).toContain('nothing to do');
    }));
});

test('a list whose common folder changed is refused: what was written would be written again', () =>
  withFolder(async (folder) => {
    await archive(folder);
    await writeFile(join(folder, 'list.txt'), 'in/a.ndjson\n');
    const args = ['--source', '@list.txt', '--output', 'out'];
    await runReport(args, folder);
    await writeFile(join(folder, 'b.ndjson'), lines(1, 900));
    await writeFile(join(folder, 'list.txt'), 'in/a.ndjson\nb.ndjson\n');
    const { code, stdout, stderr } = await winnow(['run', ...args], folder);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/have the common folder .*\/in, .* has .* now: list the inputs so that/);
  }));

test('usage errors are one line each, and nothing is started', () =>
  withFolder(async (folder) => {
    await archive(folder);
    const cases: [string[], RegExp][] = [
      [['run', '--source', 'in'], /--output is missing/],
      [['run', '--source', 'nowhere', '--output', 'out'], /--source must exist, nowhere does not/],
      [['run', ...IO, '--formt', 'parquet'], /formt/],
      [['run', ...IO, '--format', 'orc'], /orc/],
      [['run', '--source', 'in', '--output', 'in/a.ndjson'], /--output must be a folder .* is no folder/],
      [['run', '--source', 'in', '--output', './in/'], /--source and --output must be different folders/],
      [['status', 'in'], /holds no run/],
      [['report', 'in'], /holds no run/],
    ];
    for (const [args, expected] of cases) {
      const { code, stdout, stderr } = await winnow(args, folder);
      expect([args, code, stdout]).toEqual([args, 2, '']);
      expect(stderr).toMatch(expected);
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect((await readdir(folder)).sort()).toEqual(['in']);
  }));

test('much drift is warned of once, naming --schema', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), lines(2000));
    await writeFile(join(folder, 'schema.yaml'), 'columns: {id: int64, text: int64}\n');
    const { code, stderr } = await winnow(['run', ...IO, '--schema', 'schema.yaml'], folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /in 100\.0 % of the first 2000 records "text" does not fit the schema: .*--schema/,
    );
  }));

test('status, report and verify agree about a run', () =>
  withFolder(async (folder) => {
    await archive(folder);
    const { report } = await runReport(IO, folder);
    const status = await winnow(['status', 'out', '--json'], folder);
    expect(JSON.parse(status.stdout)).toMatchObject({
      runId: report.runId,
      state: 'succeeded',
      units: report.units,
    });
    expect(JSON.parse((await winnow(['report', 'out', '--json'], folder)).stdout)).toEqual(report);
    expect(JSON.parse((await winnow(['watch', 'out', '--json'], folder)).stdout)).toEqual(report);
    expect(await winnow(['verify', 'out'], folder)).toMatchObject({ code: 0 });

    const [part = ''] = Object.keys(await partHashes(join(folder, 'out')));
    const bytes = await readFile(join(folder, 'out', part));
    bytes.writeUInt8(bytes.readUInt8(100) ^ 1, 100);
    await rm(join(folder, 'out', part));
    await writeFile(join(folder, 'out', part), bytes);
    const broken = await winnow(['verify', 'out'], folder);
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain(part);
  }));

test('watch follows a run that goes on elsewhere to its end', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), lines(60_000));
    const running = startWinnow(
      ['run', ...IO, '--unit-size', '64KiB', '--concurrency', '1', '--json'],
      folder,
    );
    // Watching begins when there is a plan: until then there is no run to follow.
    let watched = await winnow(['watch', 'out', '--json'], folder);
    while (watched.code === 2) watched = await winnow(['watch', 'out', '--json'], folder);
    const ran = await running.ended;
    expect([watched.code, ran.code]).toEqual([0, 0]);
    expect(JSON.parse(watched.stdout)).toEqual(JSON.parse(ran.stdout));
  }));

test('the bytes of parts depend on content alone: other paths, times and concurrency give the same', () =>
  withFolder(async (folder) => {
    await archive(folder);
    await runReport([...IO, '--unit-size', '64KiB'], folder);
    await mkdir(join(folder, 'copy'));
    await copyFile(join(folder, 'in/a.ndjson'), join(folder, 'copy/a.ndjson'));
    await mkdir(join(folder, 'copy/deep'));
    for (const name of ['deep/b.gz', 'named-wrongly.txt']) {
      await copyFile(join(folder, 'in', name), join(folder, 'copy', name));
      await utimes(join(folder, 'copy', name), 1, 1);
    }
    await runReport(
      ['--source', 'copy', '--output', 'out2', '--unit-size', '64KiB', '--concurrency', '1'],
      folder,
    );
    const hashes = async (output: string): Promise<string[]> =>
      Object.values(await partHashes(join(folder, output)));
    expect(await hashes('out2')).toEqual(await hashes('out'));
  }));
