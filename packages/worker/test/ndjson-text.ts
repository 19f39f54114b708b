import { gzipSync, zstdCompressSync, constants } from 'node:zlib';
import fc from 'fast-check';

const value = fc.oneof(
  fc.string({ maxLength: 12, unit: 'grapheme' }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.constant(null),
  fc.constant({ a: [1, 'x'] }),
);

/** Keys of the schema with values that fit or do not, and keys that it has not. */
const goodLine = fc
  .tuple(
    fc.record({ name: value, value, flag: value, nested: value }, { requiredKeys: [] }),
    fc.dictionary(fc.constantFrom('new', 'newer', 'other'), value, { maxKeys: 2 }),
    fc.integer({ min: 0, max: 1e9 }),
  )
  .map(([known, unknown, id]) => JSON.stringify({ id, ...known, ...unknown }));
const badLine = fc.constantFrom(
  '{',
  '{"id":1,}',
  'no json',
  '[1]',
  '{"id":01}',
  '{"id":1,"id":2}',
  '{"a":"\t"}',
  '\ufeff{}',
);
const blankLine = fc.constantFrom('', ' ', '\t');

/** NDJSON with good, bad and blank lines, LF and CRLF, with or without a mark at its start and a newline at its end. */
export const ndjsonText = fc
  .tuple(
    fc.boolean(),
    fc.array(
      fc.tuple(
        fc.oneof(
          { weight: 8, arbitrary: goodLine },
          { weight: 2, arbitrary: badLine },
          { weight: 1, arbitrary: blankLine },
        ),
        fc.constantFrom('\n', '\n', '\r\n'),
      ),
      { maxLength: 40 },
    ),
    fc.boolean(),
  )
  .map(([mark, lines, newlineAtEnd]) => {
    const text = lines
      .map(([line, end], i) => line + (i === lines.length - 1 && !newlineAtEnd ? '' : end))
      .join('');
    return Buffer.from((mark ? '\ufeff' : '') + text);
  });

export type Packing = 'plain' | 'gzip' | 'zstd';

const checked = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };

/** The text in members or frames that end at these shares of it, or as it is. */
export function pack(text: Uint8Array, packing: Packing, cuts: readonly number[]): Buffer {
  if (packing === 'plain') return Buffer.from(text);
  const borders = [...cuts.map((share) => Math.floor(share * text.length)), text.length].sort(
    (a, b) => a - b,
  );
  const packed = borders.map((end, i) => {
    const piece = text.subarray(borders[i - 1] ?? 0, end);
    return packing === 'gzip' ? gzipSync(piece) : zstdCompressSync(piece, checked);
  });
  return Buffer.concat(packed);
}

export const share = fc.double({ min: 0, max: 1, noNaN: true });
