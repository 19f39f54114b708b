import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import type { RunEvent } from '../src/events.ts';
import { run } from '../src/library.ts';
import { runReport, startWinnow, winnow, withFolder, type Ended } from './winnow.ts';

const MIB = 2 ** 20;

/** A zstd frame that declares a window of 2 GiB and holds the text in one raw block (RFC 8878, 3.1.1). */
function frameOfHugeWindow(text: string): Buffer {
  const content = Buffer.from(text);
  const header = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, (31 - 10) << 3]);
  const block = Buffer.alloc(3);
  block.writeUIntLE((content.length << 3) | 1, 0, 3);
  return Buffer.concat([header, block, content]);
}

const IO = ['--source', 'in', '--output', 'out'];

test('an input whose window the plan knows gets a process of its memory class at once', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.zst'), frameOfHugeWindow('{"id":1}\n'));
    const { code, report } = await runReport(IO, folder);
    expect(code).toBe(0);
    expect(report).toMatchObject({ records: { written: 1 }, attempts: { total: 1, failed: 0 } });
  }));

test('one that the plan did not look into fails as out of memory, naming its need, and gets it', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    for (let i = 0; i < 300; i++) await writeFile(join(folder, `in/${i}.ndjson`), `{"id":${i}}\n`);
    // Only sampled inputs of this size are looked into: find a name that is not among them.
    for (let i = 0; ; i++) {
      await writeFile(join(folder, `in/huge-${i}.zst`), frameOfHugeWindow('{"id":999}\n'));
      const { stdout } = await winnow(['plan', '--source', 'in', '--json'], folder);
      if ((JSON.parse(stdout) as { memoryMiB: number }).memoryMiB === 512) break;
      await rm(join(folder, `in/huge-${i}.zst`));
    }
    const { stdout, stderr, code } = await winnow(['run', ...IO, '--json'], folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(/shard 0 failed \(out-of-memory\): .*4096 MiB.*: trying again/);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'succeeded',
      records: { read: 301, written: 301 },
      attempts: { total: 2, failed: 1 },
    });
  }));

/** A run whose workers begin with this program. */
async function runWith(folder: string, program: string, ...args: string[]): Promise<Ended> {
  const file = join(folder, 'first.cjs');
  await writeFile(file, `if (process.env.WINNOW_RUN) {${program}}`);
  // A small heap for the JavaScript engine: it is full at once.
  const env = { NODE_OPTIONS: `--max-old-space-size=100 --require ${file}` };
  return startWinnow(['run', ...IO, ...args, '--json'], folder, env).ended;
}

const memoryOfSubmission = async (folder: string, report: Report, n: number): Promise<number> => {
  const intent = join(folder, 'out/_winnow', report.runId, `submissions/${n}.intent.json`);
  return (JSON.parse(await readFile(intent, 'utf8')) as { memoryMiB: number }).memoryMiB;
};

test('a process that grows over its limit names the size it needs, and gets it', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    const text = 'x'.repeat(100 * MIB);
    await writeFile(join(folder, 'in/a.ndjson'), `{"text":"${text}"}\n${'{"text":"y"}\n'.repeat(100_000)}`);
    const args = ['--memory', '256MiB', '--unit-bytes', '1GiB', '--max-record-bytes', '127MiB'];
    const { stdout, stderr, code } = await winnow(['run', ...IO, ...args, '--json'], folder);
    expect(code).toBe(0);
    expect(stderr).toMatch(
      /failed \(out-of-memory\): resident memory \d+ MiB is over .*try 512 MiB: trying again/,
    );
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ records: { written: 100_001 }, attempts: { total: 2, failed: 1 } });
    expect(await memoryOfSubmission(folder, report, 1)).toBe(512);
    expect(report.memory).toMatchObject({ limitMiB: 512 });
    expect(report.memory?.peakMiB).toBeGreaterThan(200);
    expect(report.memory?.peakMiB).toBeLessThanOrEqual(512);
  }));

test('a kernel that cannot grow is out of memory, not a bug', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), `{"text":"${'x'.repeat(30 * MIB)}"}\n`);
    // 20 MiB, whatever the process may use: more memory does not help, and the shard is given up.
    const limit = "require('node:v8').setFlagsFromString('--wasm-max-mem-pages=320');";
    const { stdout, stderr, code } = await runWith(folder, limit);
    expect(code).toBe(1);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ state: 'failed', attempts: { failed: 3 } });
    expect(report.problems.join('\n')).toMatch(
      /shard 0 failed \(out-of-memory\): the kernel's memory cannot grow/,
    );
    expect(stderr).toMatch(/of 1024 MiB has; try 2048 MiB: trying again/);
  }));

test('a process that the JavaScript engine aborts is out of memory, and tried again with more', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), '{"id":1}\n');
    const mark = JSON.stringify(join(folder, 'mark'));
    const { stdout, stderr, code } = await runWith(
      folder,
      `if (!require('node:fs').existsSync(${mark})) {
         require('node:fs').writeFileSync(${mark}, '');
         const held = [];
         for (;;) held.push(new Array(1e6).fill({}));
       }`,
    );
    expect(stderr).toMatch(/shard 0 failed \(out-of-memory\): .*heap out of memory: trying again/);
    expect(code).toBe(0);
    expect(await memoryOfSubmission(folder, JSON.parse(stdout) as Report, 1)).toBe(1024);
  }));

/** Holds so much for as long as the process lives, in every worker. */
const holding = (mib: number): string => `globalThis.held = Buffer.alloc(${mib * MIB}, 1);`;

test('a process that comes near its limit is told of once, and its memory as it works', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    for (let i = 0; i < 8; i++) {
      await writeFile(join(folder, `in/${i}.ndjson`), `{"text":"${'x'.repeat(1000)}"}\n`.repeat(1000));
    }
    const args = ['--memory', '1500MiB', '--unit-bytes', '1MiB', '--shard-units', '1', '--concurrency', '2'];
    const { stderr, code } = await runWith(folder, holding(1190), ...args);
    expect(code).toBe(0);
    const told = stderr.split('\n').filter((line) => line.includes('of its memory'));
    expect(told).toEqual([
      expect.stringMatching(
        /came to 80 % of its memory in unit \d: 1[23]\d\d of 1500 MiB; .*--memory 2048MiB/,
      ),
    ]);
  }));

test('the plan tells of a schema that needs more than is given, and its processes get it', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), '{"c1":1}\n');
    const columns = Object.fromEntries(Array.from({ length: 12_000 }, (_, index) => [`c${index}`, 'int64']));
    await writeFile(join(folder, 'schema.yaml'), JSON.stringify({ columns }));
    const said =
      '1 unit needs 1024 MiB a process, more than --memory 512MiB: 12,001 columns take about 533 MiB';
    const schema = ['--schema', 'schema.yaml'];
    const plan = await winnow(['plan', ...IO, ...schema], folder);
    expect(plan.stdout).toContain(`memory   ${said}`);
    const { stdout, stderr, code } = await winnow(['run', ...IO, ...schema, '--json'], folder);
    expect(code).toBe(0);
    expect(stderr).toContain(`winnow: ${said}`);
    const report = JSON.parse(stdout) as Report;
    expect(report).toMatchObject({ records: { written: 1 }, memory: { limitMiB: 1024 } });
    const enough = await winnow(['plan', ...IO, ...schema, '--memory', '1024MiB', '--json'], folder);
    expect(JSON.parse(enough.stdout)).toMatchObject({ memoryMiB: 1024, warnings: [] });
  }));

test('less memory than the default is what the processes get', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), '{"id":1}\n');
    const { report } = await runReport([...IO, '--memory', '256MiB'], folder);
    expect(report).toMatchObject({ state: 'succeeded', memory: { limitMiB: 256 } });
  }));

/** 8 GB in little space: a run over it is stopped when it has shown what is looked for. */
function endlessInput(): Buffer {
  const frame = zstdCompressSync('{"id":1,"text":"some text"}\n'.repeat(300_000));
  return Buffer.concat(Array.from({ length: 1000 }, () => frame));
}

test('the memory of the workers is told while they work', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.zst'), endlessInput());
    const running = startWinnow(['run', ...IO, '--metrics-addr', '0'], folder);
    let said = '';
    running.child.stderr?.on('data', (text: Buffer) => (said += text.toString()));
    let metrics = '';
    while (running.child.exitCode === null && !/^winnow_worker_memory_bytes\{/m.test(metrics)) {
      await sleep(50);
      const url = /metrics at (\S+)/.exec(said)?.[1];
      if (url !== undefined) metrics = await (await fetch(url)).text().catch(() => '');
    }
    running.child.kill('SIGINT');
    await running.ended;
    const used = Number(/^winnow_worker_memory_bytes\{shard="0"\} (\d+)$/m.exec(metrics)?.[1]);
    expect(used).toBeGreaterThan(30 * MIB);
    expect(used).toBeLessThan(512 * MIB);
    expect(metrics).toContain(`winnow_worker_memory_limit_bytes{shard="0"} ${512 * MIB}\n`);
    expect(metrics).toMatch(/^winnow_worker_memory_peak_bytes \d+$/m);
  }));

test('a user of the library sees it in the events of progress', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.zst'), endlessInput());
    const stop = new AbortController();
    const handle = run({ source: 'in', output: 'out', memory: 300 }, { cwd: folder, signal: stop.signal });
    const seen: RunEvent[] = [];
    const result = handle.result.catch(() => undefined);
    for await (const event of handle.events) {
      if (event.kind !== 'progress') continue;
      seen.push(event);
      stop.abort();
    }
    await result;
    expect(seen[0]).toMatchObject({ shard: 0, memoryLimitBytes: 300 * MIB });
    const [{ memoryBytes } = { memoryBytes: 0 }] = seen as { memoryBytes: number }[];
    expect(memoryBytes).toBeGreaterThan(30 * MIB);
  }));
