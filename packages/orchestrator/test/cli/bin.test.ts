import { describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BIN, winnow } from './winnow.ts';

const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

describe('what cannot be understood ends with 2 and one line on stderr', () => {
  test.each<[string, string[], string]>([
    ['no command', [], 'winnow: no command is given: see winnow --help'],
    ['an unknown flag', ['run', '--sorce', 'x'], 'winnow: unknown flag --sorce: did you mean --source?'],
    ['no source', ['run'], 'winnow: --source is missing: give --source'],
    ['a sample of nothing', ['sample', 'ndjson'], 'winnow: --output is missing: give a folder to make'],
  ])('%s', async (_what, words, line) => {
    expect(await winnow(words)).toEqual({ code: 2, stdout: '', stderr: `${line}\n` });
  });

  test('several problems: a line each', async () => {
    const { code, stderr } = await winnow(['run', '--level', '99', '--output', 'b'], { WINNOW_MEMORY: '1' });
    expect(code).toBe(2);
    expect(stderr.trimEnd().split('\n')).toEqual([
      'winnow: --source is missing: give --source',
      'winnow: --level must be a whole number from 1 to 19, got 99',
      'winnow: WINNOW_MEMORY must be from 256 MiB to 1024 GiB, such as 512 (MiB) or 2GiB, got 1',
    ]);
  });

  test('the stack is shown for --log-level debug only', async () => {
    const { stderr } = await winnow(['status', '--log-level', 'debug']);
    expect(stderr.split('\n')[0]).toBe('winnow: no output is named: give the output folder of the run');
    expect(stderr).toMatch(/\n {4}at /);
  });
});

describe('help', () => {
  test('goes to stdout and ends with 0', async () => {
    const { code, stdout, stderr } = await winnow(['--help']);
    expect([code, stderr]).toEqual([0, '']);
    for (const command of [
      'run',
      'plan',
      'status',
      'watch',
      'cancel',
      'logs',
      'report',
      'verify',
      'gc',
      'inspect',
      'doctor',
      'sample',
    ])
      expect(stdout).toMatch(new RegExp(`^  winnow ${command}`, 'm'));
  });

  test('of run groups the flags and tells defaults with units', async () => {
    const { stdout } = await winnow(['run', '--help']);
    for (const text of [
      'What to do:',
      'Where and how it runs',
      'AWS Batch',
      '--max-quarantined',
      '[default: 512 MiB]',
      '[default: parquet]',
      'Examples:',
    ])
      expect(stdout).toContain(text);
  });

  test('has examples of flags that exist', async () => {
    const { stdout } = await winnow(['run', '--help']);
    const [, examples = ''] = stdout.split('Examples:');
    const [known = ''] = stdout.split('Examples:');
    for (const [flag] of examples.matchAll(/--[a-z-]+/g)) expect(known).toContain(`${flag} `);
  });
});

test('--version prints the version', async () => {
  expect(await winnow(['--version'])).toEqual({ code: 0, stdout: `${VERSION}\n`, stderr: '' });
});

describe('sample', () => {
  const folder = (): string => mkdtempSync(join(tmpdir(), 'winnow-cli-'));

  test('makes an archive, prints where, and refuses to write over it', async () => {
    const cwd = folder();
    const words = [
      'sample',
      'ndjson',
      '--output',
      'in',
      '--files',
      '2',
      '--records',
      '50',
      '--bad',
      '2',
      '--compression',
      'none',
    ];
    const made = await winnow(words, {}, cwd);
    expect([made.code, made.stderr]).toEqual([0, '']);
    expect(made.stdout.split('\n').slice(1)).toEqual([
      'in.manifest.json: what is in it, exactly',
      'in.schema.yaml: its columns, for --schema',
      '',
    ]);
    expect(made.stdout).toMatch(
      /^in: 2 files, [\d.]+ kB \([\d.]+ kB decoded\), 50 good records, 2 bad lines\n/,
    );
    expect(existsSync(join(cwd, 'in/0000/events-000001.ndjson'))).toBe(true);
    expect(await winnow(words, {}, cwd)).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'winnow: the folder in is not empty (it has 0000): give an empty folder, or one that is not there\n',
    });
    rmSync(cwd, { recursive: true });
  });

  test('--json prints the manifest as one line', async () => {
    const cwd = folder();
    const { stdout } = await winnow(
      ['sample', 'ndjson', '--output', 'in', '--files', '1', '--records', '5', '--json'],
      {},
      cwd,
    );
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(JSON.parse(stdout)).toEqual(JSON.parse(readFileSync(join(cwd, 'in.manifest.json'), 'utf8')));
    rmSync(cwd, { recursive: true });
  });
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s stops what is going on and ends with %d', async (signal, code) => {
  const cwd = mkdtempSync(join(tmpdir(), 'winnow-cli-'));
  const watcher = watch(cwd);
  const words = ['sample', 'ndjson', '--output', 'in', '--files', '100000', '--records', '100000000'];
  const child = spawn(process.execPath, [BIN, ...words], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // The folder is made: the work has begun.
  await once(watcher, 'change');
  watcher.close();
  child.kill(signal);
  expect(await once(child, 'close')).toEqual([code, null]);
  expect(stderr).toBe('winnow: interrupted\n');
  expect(existsSync(join(cwd, 'in.manifest.json'))).toBe(false);
  rmSync(cwd, { recursive: true });
});

test('an output that nobody reads to its end is no failure', () => {
  const { status, stdout } = spawnSync('sh', ['-c', `"${process.execPath}" "${BIN}" --help | head -n 1`], {
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([
    0,
    'winnow <command>: turns archives into tables and accounts for every record\n',
  ]);
});
