import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutOpenLine, type Piece } from '../src/whole-lines.ts';

async function* inPieces(text: string, length: number): AsyncGenerator<Piece> {
  for (let at = 0; at < text.length; at += length) {
    yield await Promise.resolve({ bytes: Buffer.from(text.slice(at, at + length)) });
  }
}

async function kept(text: string, length: number, maxBytes: number): Promise<string> {
  const pieces = await Array.fromAsync(withoutOpenLine(inPieces(text, length), maxBytes));
  return Buffer.concat(pieces.map(({ bytes }) => bytes)).toString();
}

test.each([
  ['', ''],
  ['a', ''],
  ['a\n', 'a\n'],
  ['a\nbc', 'a\n'],
  ['\n\n', '\n\n'],
  // One that is longer than allowed is bad whatever follows: it is quarantined.
  ['a\nbcdef', 'a\nbcdef'],
  ['abcdef', 'abcdef'],
  ['abcdef\ng', 'abcdef\n'],
])('of %j it gives %j', async (text, expected) => {
  for (const length of [1, 2, 3, 100]) expect(await kept(text, length, 4)).toBe(expected);
});

test('what it gives does not depend on the pieces', () =>
  fc.assert(
    fc.asyncProperty(
      fc.string({ unit: fc.constantFrom('a', 'b', '\n') }),
      fc.integer({ min: 1, max: 9 }),
      fc.nat({ max: 9 }),
      async (text, length, maxBytes) => {
        expect(await kept(text, length, maxBytes)).toBe(await kept(text, 1000, maxBytes));
      },
    ),
  ));
