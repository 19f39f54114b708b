import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { diskStorage, runKeys } from '@winnow/core';
import { StopLook } from '../src/stop-look.ts';
import { passingTo } from './passing-storage.ts';
import { withFolder } from './prepared-run.ts';

test('looks for a stop at once, then every five seconds, and minds those of its submission and later ones', () =>
  withFolder(async (folder) => {
    const keys = runKeys('0000-abcdef01');
    let looks = 0;
    let now = 1;
    const disk = diskStorage(folder);
    const output = passingTo(disk, {
      list: (prefix) => {
        looks++;
        return disk.list(prefix);
      },
    });
    const stopAt = async (n: number): Promise<void> => {
      await mkdir(join(folder, keys.stops), { recursive: true });
      await writeFile(join(folder, keys.stop(n)), `{"n":${n},"createdAt":"now"}`);
    };
    const look = new StopLook(output, keys, 3, () => now);
    await look.check();
    await stopAt(2);
    await look.check();
    expect(looks).toBe(1);
    now += 5000;
    await look.check();
    expect(looks).toBe(2);
    await stopAt(3);
    now += 4999;
    await look.check();
    now += 1;
    await expect(look.check()).rejects.toMatchObject({ why: 'cancelled' });
    await expect(new StopLook(output, keys, 3, () => now).check()).rejects.toMatchObject({
      why: 'cancelled',
    });
    await new StopLook(output, keys, 4, () => now).check();
  }));
