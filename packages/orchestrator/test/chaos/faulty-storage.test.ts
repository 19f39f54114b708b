import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { untilThereAre } from '../killing.ts';
import { withFolder } from '../winnow.ts';
import { chaosEnvironment } from './chaos-environment.ts';

const PACKAGE = fileURLToPath(new URL('../..', import.meta.url));

/** Creates and reads objects by the product's own storage; prints what each came to. */
const PROGRAM = `
  import { storageOpener } from '@winnow/core';
  import { mkdirSync, rmSync } from 'node:fs';
  import { open } from 'node:fs/promises';
  const folder = process.argv[1];
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const storage = await storageOpener({})(folder);
  const seen = [];
  for (let n = 0; n < 150; n++) {
    // Not of the job: nothing befalls it.
    await (await open(process.execPath)).close();
    try {
      const pending = await storage.create(n + '.txt');
      await pending.write(Buffer.from('x'));
      await storage.commit([pending]);
      const [bytes] = await Array.fromAsync(storage.read(n + '.txt'));
      seen.push(bytes.length);
    } catch (error) { seen.push(error.cause?.code ?? error.message); }
  }
  console.log(JSON.stringify(seen));
`;

async function seenBy(folder: string, faultOneIn: number, seed = 1, full = false) {
  const journal = join(folder, 'journal.tsv');
  const fullFlag = join(folder, 'full');
  if (full) await writeFile(fullFlag, '');
  const files = join(folder, 'files');
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', PROGRAM, files],
    {
      cwd: PACKAGE,
      env: { ...process.env, ...chaosEnvironment({ seed, faultOneIn, folder: files, fullFlag, journal }) },
    },
  );
  return {
    seen: JSON.parse(stdout) as (number | string)[],
    journal: await readFile(journal, 'utf8').catch(() => ''),
  };
}

describe('a process whose storage suffers', () => {
  test('meets the faults of its seed, each noted, and nothing else', () =>
    withFolder(async (folder) => {
      expect(await seenBy(folder, 0)).toEqual({ seen: Array<number>(150).fill(1), journal: '' });
      const { seen, journal } = await seenBy(folder, 20);
      expect([...new Set(seen)].sort()).toEqual([1, 'EAGAIN', 'EIO', 'ENOSPC']);
      expect(seen).toEqual((await seenBy(folder, 20)).seen);
      expect(seen).not.toEqual((await seenBy(folder, 20, 2)).seen);
      const failed = journal.split('\n').filter((line) => line !== '' && !line.includes(' slow'));
      expect(seen.filter((one) => one !== 1)).toHaveLength(failed.length);
      for (const call of ['open', 'read', 'write', 'sync', 'link']) expect(journal).toContain(`\t${call} `);
    }));

  test('finds done what it was told had failed, where the reply was lost, and only there', () =>
    withFolder(async (folder) => {
      const { journal } = await seenBy(folder, 5);
      const linked = (fault: string): string[] =>
        journal.split('\n').flatMap((line) => line.split(`fault\tlink ${fault}\t`)[1] ?? []);
      expect(linked('lost-reply').length).toBeGreaterThan(0);
      expect(linked('lost-reply').filter((path) => !existsSync(path))).toEqual([]);
      expect(linked('EIO').length).toBeGreaterThan(0);
      expect(linked('EIO').filter((path) => existsSync(path))).toEqual([]);
    }));

  test('has no space while the disk is said to be full', () =>
    withFolder(async (folder) => {
      expect((await seenBy(folder, 0, 1, true)).seen).toEqual(Array<string>(150).fill('ENOSPC'));
    }));
});

/** A worker that says once it is loaded, or once its command is gone, that it has committed a sub-unit. */
const WORKER = `
  const command = process.ppid;
  const event = JSON.stringify({ event: 'committed', shard: 0, unit: 7, sub: 2 });
  const timer = setInterval(() => {
    if (process.argv[1] === 'late' && process.ppid === command) return;
    clearInterval(timer);
    process.stdout.write(event + '\\n');
    process.send?.('told', () => process.disconnect());
  }, 5);
  process.send('loaded');
`;
const COMMAND = `
  const { spawn } = require('node:child_process');
  const [worker, when] = process.argv.slice(1);
  const child = spawn(process.execPath, ['--eval', worker, when], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    detached: true,
  });
  child.on('message', (word) => {
    if (when === 'late' || word === 'told') process.exit();
  });
`;

test.each([
  ['in time', /^commit\t7-2\n$/],
  ['late', /^commit\t7-2\t\d+\n$/],
])('a commit of a worker that is %s is noted so', (when, expected) =>
  withFolder(async (folder) => {
    const journal = join(folder, 'journal.tsv');
    const chaos = { seed: 1, faultOneIn: 0, folder: join(folder, 'files'), fullFlag: '', journal };
    await promisify(execFile)(process.execPath, ['--eval', COMMAND, WORKER, when], {
      cwd: PACKAGE,
      env: { ...process.env, ...chaosEnvironment(chaos), WINNOW_RUN: `${folder}/run` },
    });
    const noted = (): Promise<string> => readFile(journal, 'utf8').catch(() => '');
    await untilThereAre(async () => (await noted()) !== '');
    expect(await noted()).toMatch(expected);
  }),
);
