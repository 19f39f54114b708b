import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parseSpec, type Report, type Storage } from '@winnow/core';
import { createLog } from '../../src/log.ts';
import { processEdge } from '../../src/operations/edge.ts';
import { tellEnding } from '../../src/run/tell-ending.ts';
import { startWinnow, winnow, withFolder } from '../winnow.ts';
import { REPORT } from './summary.ts';

const ENTRY = fileURLToPath(new URL('../../../../docker/entry.ts', import.meta.url));
const LOG_STATE = `sed 's/.*"state":"\\([a-z]*\\)".*/\\1/' >> told`;

const told = async (folder: string): Promise<string[]> =>
  (await readFile(join(folder, 'told'), 'utf8').catch(() => '')).split('\n').filter(Boolean);

const inFolder = (lines: string, work: (folder: string) => Promise<void>): Promise<void> =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'in'));
    await writeFile(join(folder, 'in/a.ndjson'), lines);
    await work(folder);
  });

test.each([
  ['succeeded', ['good 1', 'good 2']],
  ['partial', ['bad']],
  ['failed', ['bad']],
  ['cancelled', []],
] as const)('a run that is %s calls %j, in this order', (state, called) =>
  withFolder(async (folder) => {
    const onSuccess = ['cat > last; echo good 1 >> told', 'echo good 2 >> told'];
    const spec = parseSpec({ source: 'in', onSuccess, onFailure: 'cat > last; echo bad >> told' });
    const warnings: unknown[] = [];
    await tellEnding({ ...REPORT, state }, { spec, output: { uri: '/out' } as Storage }, processEdge(), {
      cwd: folder,
      signal: new AbortController().signal,
      log: createLog('error', () => undefined),
      onEvent: (event) => void warnings.push(event),
    });
    expect(await told(folder)).toEqual(called);
    expect(warnings).toEqual([]);
    if (called.length > 0)
      expect(JSON.parse(await readFile(join(folder, 'last'), 'utf8'))).toMatchObject({
        state,
        output: '/out',
      });
  }),
);

test('a run calls its hooks once it is closed, and where there is nothing to do it calls none', () =>
  inFolder('{"id":1}\n', async (folder) => {
    // The report is there already, and so is _SUCCESS.
    const check = 'test -f out/_SUCCESS && cp "$WINNOW_REPORT" report';
    const args = ['run', '--source', 'in', '--output', 'out', '--json', '--on-success', LOG_STATE];
    const first = await winnow([...args, '--on-success', check, '--on-failure', 'echo no >> told'], folder);
    expect(first).toMatchObject({ code: 0, stderr: expect.not.stringContaining('hook') as unknown });
    expect(await told(folder)).toEqual(['succeeded']);
    const report = JSON.parse(first.stdout) as Report;
    expect(JSON.parse(await readFile(join(folder, 'report'), 'utf8'))).toEqual(report);
    expect((await winnow(args, folder)).stdout).toContain('nothing-to-do');
    expect(await told(folder)).toEqual(['succeeded']);
    // New hooks make no other run of it.
    await writeFile(join(folder, 'in/b.ndjson'), 'bad\n');
    const config = `source: in\noutput: out\non_success: 'false'\non_failure: ['exit 7', "${LOG_STATE.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"]\n`;
    await writeFile(join(folder, 'job.yaml'), config);
    const second = await winnow(['run', '--config', 'job.yaml'], folder);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain('\nwinnow: the onFailure hook exit 7 failed: exit code 7\n');
    expect(await told(folder)).toEqual(['succeeded', 'partial']);
  }));

test('a redrive calls them, and a hook that fails leaves its exit code as it is', () =>
  inFolder('{"id":1}\n{"id":2,}\n', async (folder) => {
    const args = ['--source', 'in', '--output', 'out'];
    expect((await winnow(['run', ...args], folder)).code).toBe(1);
    const { stdout } = await winnow(['inspect', 'quarantine', 'out', '--json'], folder);
    await writeFile(join(folder, 'mended.ndjson'), stdout.replaceAll('2,}', '2}'));
    const env = { WINNOW_ON_SUCCESS: 'cat >> told; echo gone wrong >&2; exit 9' };
    const { code, stderr } = await startWinnow(['redrive', ...args, '--with', 'mended.ndjson'], folder, env)
      .ended;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(
        'onSuccess hook cat >> told; echo gone wrong >&2; exit 9 failed: exit code 9 (gone wrong)',
      ) as unknown,
    });
    expect(JSON.parse((await told(folder))[0] ?? '')).toMatchObject({
      state: 'succeeded',
      records: { read: 1 },
    });
  }));

test('a secret without a place, or in a field that is stored, ends the command before it begins', () =>
  inFolder('{"id":1}\n', async (folder) => {
    const args = ['run', '--source', 'in', '--output', 'out'];
    expect(
      await winnow([...args, '--on-failure', 'https://h.example/${secret:TOKEN}'], folder),
    ).toMatchObject({
      code: 2,
      stderr: `winnow: WINNOW_SECRET_TOKEN is missing, which the hook's \${secret:TOKEN} needs: set it to the ARN of a secret in AWS Secrets Manager, #key behind it for a key of a JSON secret\n`,
    });
    expect(await winnow(['run', '--source', 'in', '--output', 'o${secret:TOKEN}'], folder)).toMatchObject({
      code: 2,
      stderr:
        'winnow: --output must hold no ${secret:NAME}: it is stored with the run, only onSuccess and onFailure may, got o${secret:TOKEN}\n',
    });
    await expect(readFile(join(folder, 'out/_SUCCESS'))).rejects.toThrow('ENOENT');
  }));

test('of the containers of one job only the one that closes the run calls the hooks', () =>
  inFolder(Array.from({ length: 20_000 }, (_, id) => `{"id":${id}}\n`).join(''), async (folder) => {
    const env = {
      ...{ PATH: process.env['PATH'], WINNOW_SOURCE: 'in', WINNOW_OUTPUT: 'out', WINNOW_CONCURRENCY: '1' },
      ...{ WINNOW_UNIT_BYTES: '64KiB', WINNOW_SHARD_UNITS: '1', AWS_BATCH_JOB_ID: 'j:0' },
      WINNOW_ON_SUCCESS: LOG_STATE,
    };
    const containers = [1, 2, 3].map(() =>
      spawn(process.execPath, [ENTRY], { cwd: folder, env, stdio: 'ignore' }),
    );
    const codes = containers.map((child) => new Promise((resolve) => child.once('close', resolve)));
    expect(await Promise.all(codes)).toEqual([0, 0, 0]);
    expect(await told(folder)).toEqual(['succeeded']);
  }));
