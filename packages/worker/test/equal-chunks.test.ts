import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { equalChunks } from '../src/equal-chunks.ts';

async function* chunksOf(lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let next = 0;
  for (const length of lengths) yield await Promise.resolve(Uint8Array.from({ length }, () => next++));
}

test('gives the same bytes in chunks of one size, the last one smaller', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: 20 })),
      fc.integer({ min: 1, max: 30 }),
      async (lengths, size) => {
        const equal = await Array.fromAsync(equalChunks(chunksOf(lengths), size));
        expect(Buffer.concat(equal)).toEqual(Buffer.concat(await Array.fromAsync(chunksOf(lengths))));
        for (const chunk of equal.slice(0, -1)) expect(chunk.length).toBe(size);
        for (const chunk of equal.slice(-1)) expect(chunk.length).toBeGreaterThan(0);
        for (const chunk of equal.slice(-1)) expect(chunk.length).toBeLessThanOrEqual(size);
      },
    ),
  ));

test('copies nothing where the chunks are equal already', async () => {
  const given = [Uint8Array.of(1, 2), Uint8Array.of(3, 4), Uint8Array.of(5)];
  const [first] = await Array.fromAsync(equalChunks(inOrder(given), 2));
  expect(first!.buffer).toBe(given[0]!.buffer);
});

async function* inOrder(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}
