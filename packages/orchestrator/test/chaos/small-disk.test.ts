import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { withFolder } from '../winnow.ts';
import { smallDisk } from './small-disk.ts';

test('a small disk that is filled takes nothing until it is freed; where none can be mounted it says so', () =>
  withFolder(async (folder) => {
    const flag = join(folder, 'full');
    const disk = smallDisk(join(folder, 'disk'), flag);
    const write = (): Promise<unknown> =>
      writeFile(join(folder, 'disk/part'), Buffer.alloc(4096)).catch((error: unknown) => error);
    try {
      disk.fill();
      if (disk.isReal) expect(await write()).toMatchObject({ code: 'ENOSPC' });
      else expect(existsSync(flag)).toBe(true);
      disk.free();
      disk.free();
      expect(existsSync(flag)).toBe(false);
      expect(await write()).toBeUndefined();
    } finally {
      disk.remove();
    }
    expect(existsSync(join(folder, 'disk/part'))).toBe(!disk.isReal);
  }));
