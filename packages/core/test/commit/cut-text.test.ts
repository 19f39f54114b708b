import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cutText } from '../../src/commit/cut-text.ts';

async function* cutAnywhere(text: string, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const length of [...lengths, text.length]) {
    yield await Promise.resolve(Buffer.from(text.slice(at, at + length)));
    at += length;
  }
}

test('a text is cut after the line that makes it enough lines or bytes, however it came', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('', 'a', 'bc'), { maxLength: 20 }),
      fc.array(fc.nat(5)),
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 12 }),
      async (lines, lengths, most, bytes) => {
        const text = lines.map((line) => `${line}\n`).join('');
        const runs: string[] = [];
        let counted = 0;
        for await (const run of cutText(cutAnywhere(text, lengths), { lines: most, bytes })) {
          let joined = '';
          for await (const piece of run) {
            joined += Buffer.from(piece.bytes).toString();
            counted += piece.lines;
          }
          runs.push(joined);
        }
        const expected: string[] = [];
        let open: string[] = [];
        for (const line of lines) {
          open.push(`${line}\n`);
          if (open.length < most && open.join('').length < bytes) continue;
          expected.push(open.join(''));
          open = [];
        }
        if (open.length > 0) expected.push(open.join(''));
        expect(runs).toEqual(expected);
        expect(counted).toBe(lines.length);
      },
    ),
  );
});

test('no piece is asked for before the one before it was taken', async () => {
  let asked = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      asked++;
      yield await Promise.resolve(Buffer.from('one\ntwo\n'));
    }
  }
  let seen = 0;
  for await (const run of cutText(endless(), { lines: 3, bytes: Infinity })) {
    for await (const { lines } of run) {
      seen += lines;
      expect(asked).toBeLessThanOrEqual(Math.ceil(seen / 2));
    }
    if (seen >= 30) break;
  }
});
