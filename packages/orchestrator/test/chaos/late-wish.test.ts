import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { withFolder } from '../winnow.ts';
import { chaosEnvironment } from './chaos-environment.ts';
import { commitStep, lateWriter } from './late-wish.ts';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));
const PART = 'out/part-0000-abababab-000007-0001.parquet';
const RECEIPT = 'out/_winnow/0000-abababab/receipts/000007-0001.json';

test.each([
  [PART, { place: 'part', receipt: RECEIPT }],
  [PART.replace('.parquet', '.csv'), { place: 'part', receipt: RECEIPT }],
  [RECEIPT, { place: 'receipt', receipt: RECEIPT }],
  ['out/a.parquet', undefined],
  ['out/_winnow/0000-abababab/run.json', undefined],
  ['out/_winnow/0000-abababab/quarantine/000007-0001.ndjson.zst', undefined],
])('%s is such a step: %j', (path, expected) => {
  const at = commitStep(`/job/${path}`);
  expect(at).toEqual(expected && { ...expected, receipt: `/job/${expected.receipt}` });
});

/** Commits a part and then its receipt, as a worker does, by the product's own storage. */
const PROGRAM = `
  import { storageOpener } from '@winnow/core';
  const storage = await storageOpener({})(process.argv[1]);
  for (const key of process.argv.slice(2)) {
    const pending = await storage.create(key.slice('out/'.length));
    await storage.commit([pending]);
  }
`;

test.each(['part', 'receipt'] as const)('a worker stops before its %s when that is wished for', (place) =>
  withFolder(async (folder) => {
    const chaos = {
      seed: 1,
      faultOneIn: 0,
      folder,
      fullFlag: join(folder, 'full'),
      journal: join(folder, 'j'),
    };
    const wished = lateWriter(folder, place, () => false);
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', PROGRAM, join(folder, 'out'), PART, RECEIPT],
      { cwd: PACKAGE, env: { ...process.env, ...chaosEnvironment(chaos), WINNOW_RUN: `${folder}/run` } },
    );
    try {
      const ended = once(child, 'close');
      expect(await wished).toEqual({ pid: child.pid, receipt: join(folder, RECEIPT) });
      const stands = (): boolean[] => [PART, RECEIPT].map((path) => existsSync(join(folder, path)));
      expect(stands()).toEqual([place === 'receipt', false]);
      child.kill('SIGCONT');
      expect(await ended).toEqual([0, null]);
      expect(stands()).toEqual([true, true]);
    } finally {
      child.kill('SIGKILL');
    }
  }),
);

test('a wish that nobody came to is withdrawn: none stops any more', () =>
  withFolder(async (folder) => {
    expect(await lateWriter(folder, 'part', () => true)).toBeUndefined();
    const chaos = {
      seed: 1,
      faultOneIn: 0,
      folder,
      fullFlag: join(folder, 'full'),
      journal: join(folder, 'j'),
    };
    const child = spawn(
      process.execPath,
      ['--input-type=module', '--eval', PROGRAM, join(folder, 'out'), PART],
      { cwd: PACKAGE, env: { ...process.env, ...chaosEnvironment(chaos), WINNOW_RUN: `${folder}/run` } },
    );
    expect(await once(child, 'close')).toEqual([0, null]);
  }));
