import { zstdDecompressSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TEXT_FRAME_BYTES, ZstdTextWriter } from '../../src/zstd/text-writer.ts';
import { MemorySink } from './memory-sink.ts';

async function written(texts: readonly string[]): Promise<MemorySink> {
  const sink = new MemorySink();
  const writer = new ZstdTextWriter(1, sink);
  for (const text of texts) await writer.write(text);
  expect(await writer.finish()).toEqual({ bytes: sink.bytes.length });
  return sink;
}

test.each([
  [0, [0]],
  [1, [1]],
  [TEXT_FRAME_BYTES - 1, [TEXT_FRAME_BYTES - 1]],
  [TEXT_FRAME_BYTES, [TEXT_FRAME_BYTES]],
  [TEXT_FRAME_BYTES + 1, [TEXT_FRAME_BYTES, 1]],
  [TEXT_FRAME_BYTES * 2, [TEXT_FRAME_BYTES, TEXT_FRAME_BYTES]],
])('%i bytes of text are frames of %j', async (bytes, frames) => {
  const { writes } = await written(['x'.repeat(bytes)]);
  expect(writes.map((frame) => zstdDecompressSync(frame).length)).toEqual(frames);
});

test('nothing written is one empty frame too', async () => {
  expect((await written([])).bytes.equals((await written(['', ''])).bytes)).toBe(true);
  expect((await written([])).writes).toHaveLength(1);
});

test('the bytes do not depend on how the text was cut into writes', async () => {
  const text = 'Größe 漢字 😀\n'.repeat(130_000);
  const whole = (await written([text])).bytes;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 4 }),
      async (cuts) => {
        const borders = [0, ...cuts.sort((a, b) => a - b), text.length];
        const pieces = borders.slice(1).map((end, i) => text.slice(borders[i], end));
        fc.pre(pieces.every((piece) => piece.isWellFormed()));
        expect((await written(pieces)).bytes.equals(whole)).toBe(true);
      },
    ),
    { numRuns: 10 },
  );
});

test('a lone surrogate is refused, not replaced', async () => {
  await expect(new ZstdTextWriter(1, new MemorySink()).write('a\ud83d')).rejects.toThrow('lone surrogate');
});
