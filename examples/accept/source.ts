import { readFileSync } from 'node:fs';
import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { PartReader, SourceRecord } from './reader.ts';
import { withoutNulls } from './source-record.ts';
import { isDeepStrictEqual } from 'node:util';

/** The text of an input, by Node's own decoders: nothing of Winnow has a hand in what it is judged by. */
export function sourceText(path: string): string {
  const bytes = readFileSync(path);
  if (path.endsWith('.gz')) return gunzipSync(bytes).toString();
  if (!path.endsWith('.zst')) return bytes.toString();
  return zstdDecompressSync(bytes, { params: { [constants.ZSTD_d_windowLogMax]: 31 } }).toString();
}

/** The records of an input of which every line is one. */
export const sourceRecords = (path: string): SourceRecord[] =>
  sourceText(path)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as SourceRecord);

/** All keys of the records, and those that are null wherever they stand: a schema may leave those out. */
export function sourceKeys(records: readonly SourceRecord[]): {
  readonly all: Set<string>;
  readonly onlyNull: Set<string>;
} {
  const all = new Set(records.flatMap((record) => Object.keys(record)));
  const valued = new Set(records.flatMap((record) => Object.keys(withoutNulls(record))));
  return { all, onlyNull: new Set([...all].filter((key) => !valued.has(key))) };
}

/** How many records of `expected` are not, in this order, what the reader puts together again. */
export async function countAltered(reader: PartReader, expected: readonly SourceRecord[]): Promise<number> {
  let altered = 0;
  let index = 0;
  for await (const record of reader.records()) {
    const source = expected[index];
    if (source === undefined || !isDeepStrictEqual(withoutNulls(source), withoutNulls(record))) altered += 1;
    index += 1;
  }
  return altered + Math.max(0, expected.length - index);
}
