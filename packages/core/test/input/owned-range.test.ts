import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ownedRange, type ReadRange } from '../../src/input/owned-range.ts';
import { inChunks } from './streams.ts';

const reader =
  (text: Buffer, lengths: readonly number[] = [7]): ReadRange =>
  (start, end) =>
    inChunks(text.subarray(start, end), lengths);

async function owned(
  text: Buffer,
  start: number,
  end: number,
  lengths?: readonly number[],
): Promise<[number | undefined, string]> {
  const range = await ownedRange(reader(text, lengths), { start, end }, text.length);
  const chunks: Uint8Array[] = [];
  for await (const bytes of range.bytes) chunks.push(bytes);
  return [range.firstOffset, Buffer.concat(chunks).toString()];
}

test.each<[string, number, number, number | undefined, string]>([
  ['all', 0, 9, 0, 'aa\nbb\ncc\n'],
  ['a record that begins at the start', 3, 5, 3, 'bb\n'],
  ['no record that began before the start', 1, 4, 3, 'bb\n'],
  ['no record at all inside of one', 4, 6, undefined, ''],
  ['the record whose only first byte lies inside', 2, 4, 3, 'bb\n'],
  ['nothing of an empty range', 3, 3, undefined, ''],
  ['nothing behind the last newline', 9, 9, undefined, ''],
  ['what lies inside where the range goes beyond the end', 5, 20, 6, 'cc\n'],
])('owns %s', async (_, start, end, firstOffset, records) => {
  expect(await owned(Buffer.from('aa\nbb\ncc\n'), start, end)).toEqual([firstOffset, records]);
});

test('owns a last record without newline, an empty input, and blank lines', async () => {
  expect(await owned(Buffer.from('a\nb'), 1, 3)).toEqual([2, 'b']);
  expect(await owned(Buffer.alloc(0), 0, 0)).toEqual([undefined, '']);
  expect(await owned(Buffer.from('\n\n\n'), 1, 2)).toEqual([1, '\n']);
});

test('finishes a record that goes on for many looks ahead', async () => {
  const text = Buffer.concat([Buffer.from('a\n'), Buffer.alloc(3 << 20, 'x'), Buffer.from('\nlast\n')]);
  const [firstOffset, record] = await owned(text, 1, 3, [100_000]);
  expect([firstOffset, record.length]).toEqual([2, (3 << 20) + 1]);
});

test('gives every record once, in order, whatever the cuts and chunks', async () => {
  const textOf = fc
    .array(fc.constantFrom('\n', 'a', 'bc', '{"k":1}\n', 'é'), { maxLength: 40 })
    .map((parts) => Buffer.from(parts.join('')));
  await fc.assert(
    fc.asyncProperty(
      textOf,
      fc.array(fc.nat(100), { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
      async (text, cuts, lengths) => {
        const borders = [
          0,
          ...cuts.map((cut) => cut % (text.length + 1)).toSorted((a, b) => a - b),
          text.length,
        ];
        let all = '';
        for (const [index, start] of borders.slice(0, -1).entries()) {
          const end = borders[index + 1]!;
          const [firstOffset, records] = await owned(text, start, end, lengths);
          if (firstOffset === undefined) expect(records).toBe('');
          else {
            expect(firstOffset).toBe(Buffer.byteLength(all));
            expect(firstOffset).toBeGreaterThanOrEqual(start);
            expect(firstOffset).toBeLessThan(end);
            expect(records.endsWith('\n') || firstOffset + Buffer.byteLength(records) === text.length).toBe(
              true,
            );
          }
          all += records;
        }
        expect(all).toBe(text.toString());
      },
    ),
    { numRuns: 500 },
  );
});

test('closes what it reads when it is left early', async () => {
  let open = 0;
  const text = Buffer.from('a\n'.repeat(100));
  const read: ReadRange = async function* (start, end) {
    open++;
    try {
      yield* inChunks(text.subarray(start, end), [10]);
    } finally {
      open--;
    }
  };
  const range = await ownedRange(read, { start: 5, end: 150 }, text.length);
  for await (const _ of range.bytes) break;
  expect(open).toBe(0);
  await ownedRange(read, { start: 5, end: 6 }, 200);
});
