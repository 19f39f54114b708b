import { readFileSync } from 'node:fs';
import { constants, gunzipSync, zstdDecompressSync } from 'node:zlib';
import type { SourceRecord } from './reader.ts';
import { withoutNulls } from './restored.ts';

/** The text of an input, by Node's own decoders: nothing of Winnow has a hand in what it is judged by. */
export function sourceText(path: string): string {
  const bytes = readFileSync(path);
  if (path.endsWith('.gz')) return gunzipSync(bytes).toString();
  if (!path.endsWith('.zst')) return bytes.toString();
  return zstdDecompressSync(bytes, { params: { [constants.ZSTD_d_windowLogMax]: 31 } }).toString();
}

/** The records of an input that has nothing else: the elements of an array, or a line each. */
export function sourceRecords(path: string): SourceRecord[] {
  const text = sourceText(path);
  if (text.startsWith('[\n')) return JSON.parse(text) as SourceRecord[];
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as SourceRecord);
}

/** Keys with a value in some record: what is null wherever it stands may be left out of a schema. */
export const valuedKeys = (records: readonly SourceRecord[]): Set<string> =>
  new Set(records.flatMap((record) => Object.keys(withoutNulls(record) as SourceRecord)));
