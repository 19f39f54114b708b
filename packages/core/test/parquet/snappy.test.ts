import { expect, test } from '@jest/globals';
import { Kernel, SnappyCompressor } from '@winnow/kernel';
import fc from 'fast-check';
import { snappyUncompress } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { duckdb, parquetWasm } from './judges.ts';
import { difference, oneColumn, type Cell } from './table.ts';
import { writeTable } from './write-table.ts';

const kernel = new Kernel();
const snappy = new SnappyCompressor(kernel);
const compress = (bytes: Uint8Array): Buffer => Buffer.from(snappy.compress(bytes));

/** hyparquet's decoder and that of hyparquet-compressors, which is another. */
function expectToComeBack(bytes: Uint8Array): void {
  const compressed = compress(bytes);
  expect(compressed.length).toBeLessThanOrEqual(32 + bytes.length + bytes.length / 6);
  const output = new Uint8Array(bytes.length);
  snappyUncompress(compressed, output);
  expect(Buffer.compare(output, bytes)).toBe(0);
  const second = compressors.SNAPPY!(compressed, bytes.length);
  expect(Buffer.compare(second, bytes)).toBe(0);
}

/** From a fixed seed: xorshift. */
function noise(bytes: number, seed = 1): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length: bytes }, () => {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return state & 255;
    }),
  );
}

const KIB = 1024;

test.each<[string, Buffer]>([
  ['nothing', Buffer.alloc(0)],
  ...[1, 4, 14, 15, 16, 17, 59, 60, 61, 62, 255, 256, 257].map((n): [string, Buffer] => [
    `${n} bytes of noise`,
    noise(n, n),
  ]),
  ['noise of just a block', noise(64 * KIB)],
  ['noise of a byte more', noise(64 * KIB + 1)],
  ['noise of several blocks', noise(300 * KIB + 7)],
  ...[1, 64, 65, 67, 68, 69, 70, 131, 64 * KIB - 1, 64 * KIB, 64 * KIB + 1, 1 << 20].map(
    (n): [string, Buffer] => [`${n} zeros`, Buffer.alloc(n)],
  ),
  // Copies of every length, at offsets on both sides of 2,048, with something else between them.
  ...Array.from({ length: 140 }, (_, n): [string, Buffer] => [
    `a copy of ${n} bytes, far away`,
    Buffer.concat([noise(n, 7), noise(2040 + n, 9), noise(n, 7), noise(40, 11)]),
  ]),
  ...Array.from({ length: 80 }, (_, n): [string, Buffer] => [
    `a copy of ${n} bytes, near`,
    Buffer.concat([noise(n, 7), noise(30, 9), noise(n, 7), noise(40, 11)]),
  ]),
  ['a copy from the start of a block', Buffer.concat([noise(65_000), noise(65_000).subarray(0, 500)])],
  ['the same over a block border', Buffer.concat([noise(65_000), noise(65_000)])],
  ['short periods', Buffer.from('ab'.repeat(40 * KIB))],
  ['text', Buffer.from(Array.from({ length: 20_000 }, (_, n) => `line ${n * n} of text\n`).join(''))],
])('%s comes back', (_title, bytes) => {
  expectToComeBack(bytes);
});

test('random bytes with repetitions come back', () => {
  const piece = fc.record({
    from: fc.nat(70_000),
    length: fc.oneof(fc.nat(90), fc.nat(3000)),
    noise: fc.nat(2 ** 30),
    fresh: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
      let bytes = Buffer.alloc(0);
      for (const { from, length, noise: seed, fresh } of pieces) {
        const start = bytes.length === 0 ? 0 : from % bytes.length;
        bytes = Buffer.concat([
          bytes,
          fresh ? noise(length, seed + 1) : bytes.subarray(start, start + length),
        ]);
      }
      expectToComeBack(bytes);
    }),
    { numRuns: 150 },
  );
});

test('the same bytes give the same bytes, whatever was compressed before and wherever they lie', () => {
  const bytes = Buffer.from('the same '.repeat(20_000));
  const before = compress(bytes);
  compress(noise(100_000));
  expect(compress(bytes)).toEqual(before);
  const pointer = kernel.exports.allocate(bytes.length + 1) >>> 0;
  kernel.bytes.set(bytes, pointer + 1);
  expect(compress(kernel.bytes.subarray(pointer + 1, pointer + 1 + bytes.length))).toEqual(before);
  kernel.exports.release(pointer);
  expect(compress(bytes)).toEqual(Buffer.from(new SnappyCompressor(new Kernel()).compress(bytes)));
});

test('what repeats gets small', () => {
  expect(compress(Buffer.alloc(1 << 20)).length).toBeLessThan(60_000);
});

test('DuckDB and parquet-wasm decode it, too, in pages of several blocks', async () => {
  const cells: Cell[] = Array.from({ length: 9000 }, (_, r) =>
    r % 7 === 0 ? null : `${'row '.repeat(r % 60)}${noise(r % 90, r + 1).toString('hex')}`,
  );
  const table = oneColumn('text', cells);
  const file = await writeTable(table, { codec: 'snappy' });
  for (const judge of [duckdb, parquetWasm])
    expect(difference(table, await judge(file, table.columns))).toBeUndefined();
});
