import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diskStorage, type PlannedInput, type Storage } from '@winnow/core';
import { DecodedBytes } from '../src/decoded-bytes.ts';
import { inChunks, passingTo } from './passing-storage.ts';
import { withFolder, writeFiles } from './prepared-run.ts';

const PACKING: Record<string, (bytes: Buffer) => Buffer> = {
  plain: (bytes) => bytes,
  gzip: (bytes) => Buffer.concat([gzipSync(bytes.subarray(0, 700)), gzipSync(bytes.subarray(700))]),
  zstd: (bytes) =>
    Buffer.concat([zstdCompressSync(bytes.subarray(0, 700)), zstdCompressSync(bytes.subarray(700))]),
};
const BYTES = Buffer.from(Array.from({ length: 300 }, (_, n) => `line ${n * n}\n`).join(''));
const options = { maxWindowBytes: 2 ** 27, onChunk: () => undefined };

async function opened(folder: string, packed: Buffer): Promise<{ source: Storage; input: PlannedInput }> {
  await writeFiles(folder, { 'in/a': packed });
  const source = diskStorage(join(folder, 'in'));
  const { size, pin } = (await source.stat('a'))!;
  return { source, input: { key: 'a', size, pin } };
}

describe.each(Object.entries(PACKING))('bytes of an input that is %s', (_, pack) => {
  const place = fc.record({ offset: fc.nat(BYTES.length + 5), length: fc.nat(900) });

  test('are those at their offset, in any order and any chunks, or none where it ends before', () =>
    withFolder(async (folder) => {
      const { source, input } = await opened(folder, pack(BYTES));
      await fc.assert(
        fc.asyncProperty(
          fc.array(place, { minLength: 1, maxLength: 6 }),
          fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 3 }),
          async (places, chunks) => {
            const bytes = new DecodedBytes(inChunks(source, chunks), input, options);
            for (const { offset, length } of places) {
              const target = Buffer.alloc(length);
              const isThere = await bytes.read(offset, target);
              expect(isThere).toBe(offset + length <= BYTES.length);
              if (isThere) expect(target.equals(BYTES.subarray(offset, offset + length))).toBe(true);
            }
            await bytes.end();
          },
        ),
        { numRuns: 60 },
      );
    }));

  test('are decoded once where offsets rise, and of a plain one no more is read than they have', () =>
    withFolder(async (folder) => {
      const packed = pack(BYTES);
      const { source, input } = await opened(folder, packed);
      const reads: (number | undefined)[] = [];
      const counted = passingTo(source, {
        read: (key, asked) => {
          reads.push(asked?.end === undefined ? undefined : asked.end - (asked.start ?? 0));
          return source.read(key, asked);
        },
      });
      const bytes = new DecodedBytes(counted, input, options);
      for (const offset of [3, 3 + 50, 800, 1700]) await bytes.read(offset, Buffer.alloc(50));
      await bytes.end();
      // First its compression is looked for.
      expect(reads).toEqual([18, ...(packed === BYTES ? [50, 50, 50, 50] : [undefined])]);
    }));
});
