import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { chaosEnvironment } from './chaos/chaos-environment.ts';
import { lateWriter } from './chaos/late-wish.ts';
import { smallDisk, type SmallDisk } from './chaos/small-disk.ts';
import { CLOCK_SET_BACK } from './clock-set-back.ts';
import { partHashes, startWinnow, winnow, withFolder, type Ended } from './winnow.ts';

const OUT = 'disk/out';
const SAMPLE = 'sample ndjson --output in --files 4 --records 4000 --seed 5 --compression mixed';
/** One worker, which comes to its first receipt when there is much to do yet. */
const RUN = ['run', '--source', 'in', '--output', OUT, '--unit-size', '64KiB', '--concurrency', '1'];

interface FullDisk {
  readonly folder: string;
  readonly disk: SmallDisk;
  readonly environment: NodeJS.ProcessEnv;
  /** By name, of a run that nothing disturbed. */
  readonly expected: Record<string, string>;
}

/** An output on a small disk, real where one can be mounted; else the calls that need space are made to fail. */
async function onSmallDisk(work: (place: FullDisk) => Promise<void>): Promise<void> {
  await withFolder(async (folder) => {
    const fullFlag = join(folder, 'full');
    const disk = smallDisk(join(folder, 'disk'), fullFlag);
    try {
      expect((await winnow(SAMPLE.split(' '), folder)).code).toBe(0);
      expect((await winnow(RUN, folder)).code).toBe(0);
      const expected = await partHashes(join(folder, OUT));
      await rm(join(folder, OUT), { recursive: true });
      const chaos = { seed: 1, faultOneIn: 0, folder, fullFlag, journal: join(folder, 'journal.tsv') };
      await work({ folder, disk, environment: chaosEnvironment(chaos), expected });
    } finally {
      disk.remove();
    }
  });
}

/** Fills the disk when a worker is between the parts and the receipt of its first sub-unit. */
async function runUntilFull({ folder, disk, environment }: FullDisk) {
  const stopped = lateWriter(folder, 'receipt', () => false);
  const running = startWinnow(RUN, folder, environment);
  const { pid } = (await stopped)!;
  disk.fill();
  process.kill(pid, 'SIGCONT');
  return running;
}

async function expectWhole({ folder, expected }: FullDisk, { code, stderr }: Ended): Promise<void> {
  expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
  expect(await partHashes(join(folder, OUT))).toEqual(expected);
  expect((await winnow(['verify', OUT], folder)).code).toBe(0);
}

test('a disk that is full amid a run and stays so ends it in one line; with space the same command goes on to the same bytes', () =>
  onSmallDisk(async (place) => {
    const running = await runUntilFull(place);
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/ENOSPC/);
    expect(stderr).not.toMatch(/\n\s+at /);
    place.disk.free();
    await expectWhole(place, await winnow(RUN, place.folder));
  }));

/** The wait of a few seconds before the next try would become one of a day: a command that is in it then is killed. */
const MOST_MS = 180_000;

test('one that has space again meanwhile is gone on with, also where the clock is set back in the wait', () =>
  onSmallDisk(async (place) => {
    const { NODE_OPTIONS: options = '' } = place.environment;
    const environment = { ...place.environment, NODE_OPTIONS: `${CLOCK_SET_BACK} ${options}` };
    const { child, ended } = await runUntilFull({ ...place, environment });
    const limit = setTimeout(() => child.kill('SIGKILL'), MOST_MS);
    let said = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      said += String(chunk);
      if (said.includes('transient')) place.disk.free();
    });
    const end = await ended;
    clearTimeout(limit);
    expect(said).toMatch(/transient/);
    await expectWhole(place, end);
  }));
