import { constants, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readZstdLines } from '../../src/zstd/lines.ts';
import { ZstdTextWriter } from '../../src/zstd/text-writer.ts';
import { MemorySink } from './memory-sink.ts';

const SUM = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const frame = (text: string | Buffer): Buffer => zstdCompressSync(text, SUM);

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  const reused = Buffer.alloc(size);
  for (let from = 0; from < bytes.length; from += size) {
    yield reused.subarray(0, bytes.copy(reused, 0, from, from + size));
  }
}

async function linesOf(bytes: Buffer, chunk = 1 << 16): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of readZstdLines(inChunks(bytes, chunk))) lines.push(line);
  return lines;
}

const skippable = Buffer.concat([Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0]), Buffer.from('abc')]);

test.each<[string, Buffer[], string[]]>([
  ['an empty frame', [frame('')], []],
  ['two frames', [frame('a\nb\n'), frame('c\n')], ['a', 'b', 'c']],
  ['a line across three frames', [frame('a'), frame('b'), frame('c\nd')], ['abc', 'd']],
  ['a character across frames', [frame(Buffer.from([0xc3])), frame(Buffer.from([0xa4, 10]))], ['ä']],
  ['no line feed at the end', [frame('a\nb')], ['a', 'b']],
  ['blank lines', [frame('\n\na\n\n')], ['', '', 'a', '']],
  ['a carriage return stays', [frame('a\r\n')], ['a\r']],
  ['a byte order mark stays', [frame('\ufeffa\n')], ['\ufeffa']],
  ['a skippable frame', [skippable, frame('a\n'), skippable, frame('b\n')], ['a', 'b']],
  ['blocks of repeated bytes', [frame('x'.repeat(1 << 20) + '\n')], ['x'.repeat(1 << 20)]],
])('reads %s', async (_title, frames, lines) => {
  const bytes = Buffer.concat(frames);
  for (const chunk of [1, 3, bytes.length]) expect(await linesOf(bytes, chunk)).toEqual(lines);
});

test('reads what the writer wrote, in any chunks', async () => {
  const text = fc.array(
    fc.string({ unit: 'grapheme', maxLength: 40 }).map((line) => line.replaceAll('\n', ' ')),
  );
  await fc.assert(
    fc.asyncProperty(text, fc.integer({ min: 1, max: 300 }), async (lines, chunk) => {
      const sink = new MemorySink();
      const writer = new ZstdTextWriter(3, sink);
      for (const line of lines) await writer.write(`${line}\n`);
      await writer.finish();
      expect(await linesOf(sink.bytes, chunk)).toEqual(lines);
    }),
    { numRuns: 50 },
  );
});

test('reads several frames of the writer', async () => {
  const sink = new MemorySink();
  const writer = new ZstdTextWriter(1, sink);
  const lines = Array.from({ length: 200_000 }, (_, i) => `line ${i} ü`);
  for (const line of lines) await writer.write(`${line}\n`);
  await writer.finish();
  expect(sink.writes.length).toBeGreaterThan(2);
  expect(await linesOf(sink.bytes)).toEqual(lines);
});

describe('says what is wrong, and where', () => {
  const [first, second] = [frame('first\n'), frame(Buffer.from('second '.repeat(50)))];
  const file = Buffer.concat([first, second]);

  test('a file cut anywhere but between frames', async () => {
    for (let length = 0; length < file.length; length++) {
      if (length === first.length) continue;
      const offset = length < first.length ? 0 : first.length;
      await expect(linesOf(file.subarray(0, length))).rejects.toThrow(
        `the zstd frame at byte ${offset} is cut`,
      );
    }
    expect(await linesOf(file.subarray(0, first.length))).toEqual(['first']);
  });

  test('bytes behind the last frame', async () => {
    const trailing = Buffer.concat([file, Buffer.from('trailing garbage')]);
    await expect(linesOf(trailing)).rejects.toThrow(`no zstd frame begins at byte ${file.length}`);
  });

  test('a frame whose checksum does not hold', async () => {
    const damaged = Buffer.from(file);
    damaged[damaged.length - 1]! ^= 1;
    await expect(linesOf(damaged)).rejects.toThrow(
      `the zstd frame at byte ${first.length} cannot be decoded`,
    );
  });

  test('a line that is no UTF-8', async () => {
    await expect(linesOf(frame(Buffer.from([0xff, 10])))).rejects.toThrow('not UTF-8');
  });
});
