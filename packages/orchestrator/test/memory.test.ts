import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { runReport, winnow, withFolder } from './winnow.ts';

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
