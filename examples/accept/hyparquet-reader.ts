import { createHash } from 'node:crypto';
import { openSync, closeSync, fstatSync, readSync } from 'node:fs';
import {
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
  type AsyncBuffer,
  type FileMetaData,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { decimalSum } from './decimal.ts';
import { partsIn, REST } from './parts.ts';
import type { PartReader, SourceRecord } from './reader.ts';
import { sourceRecord } from './source-record.ts';

// hyparquet's own decoder would replace bad bytes and take a leading U+FEFF away.
const exact = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const text = (bytes: Uint8Array | undefined): string | undefined =>
  bytes === undefined ? undefined : exact.decode(bytes);
const PARSERS = { stringFromBytes: text, jsonFromBytes: text };

interface OpenPart {
  readonly file: AsyncBuffer;
  readonly metadata: FileMetaData;
  close(): void;
}

async function openPart(path: string): Promise<OpenPart> {
  const handle = openSync(path, 'r');
  const { size } = fstatSync(handle);
  const file: AsyncBuffer = {
    byteLength: size,
    slice(start, end = size) {
      const bytes = new Uint8Array(end - start);
      readSync(handle, bytes, 0, bytes.length, start);
      return bytes.buffer;
    },
  };
  return { file, metadata: await parquetMetadataAsync(file), close: () => closeSync(handle) };
}

const isJsonColumn = ({ schema }: FileMetaData) => {
  const names = new Set(
    schema
      .filter(
        ({ converted_type, logical_type }) => converted_type === 'JSON' || logical_type?.type === 'JSON',
      )
      .map(({ name }) => name),
  );
  return (column: string): boolean => names.has(column);
};

const parseJson = (value: string): unknown => JSON.parse(value);

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

const asText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Reads with hyparquet and adds up in JavaScript. */
export async function openHyparquet(folder: string): Promise<PartReader> {
  const parts: OpenPart[] = [];
  for (const path of partsIn(folder)) parts.push(await openPart(path));

  async function* rows(): AsyncGenerator<readonly [Record<string, unknown>, FileMetaData]> {
    for (const { file, metadata } of parts)
      for (const row of await parquetReadObjects({ file, metadata, compressors, parsers: PARSERS }))
        yield [row, metadata];
  }
  async function* records(): AsyncGenerator<SourceRecord> {
    for await (const [row, metadata] of rows()) yield sourceRecord(row, isJsonColumn(metadata));
  }
  const values = async (key: string): Promise<unknown[]> => {
    const found: unknown[] = [];
    // Not the record put together again: an int64 is to stay exact.
    for await (const [row, metadata] of rows()) {
      const value = row[key] ?? undefined;
      const inRest = typeof row[REST] === 'string' ? (JSON.parse(row[REST]) as SourceRecord)[key] : undefined;
      const parsed = isJsonColumn(metadata)(key) && typeof value === 'string' ? parseJson(value) : value;
      const read = parsed ?? inRest;
      if (read !== undefined && read !== null) found.push(read);
    }
    return found;
  };
  const texts = async (key: string): Promise<string[]> =>
    (await values(key)).map((value) => (typeof value === 'bigint' ? String(value) : asText(value)));
  const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
  return {
    name: 'hyparquet',
    rows: () => Promise.resolve(parts.reduce((sum, { metadata }) => sum + Number(metadata.num_rows), 0)),
    columns: () => {
      const [first] = parts;
      const names =
        first === undefined ? [] : parquetSchema(first.metadata).children.map(({ element }) => element.name);
      return Promise.resolve(names);
    },
    async restKeys() {
      const keys = new Set<string>();
      for await (const [row] of rows())
        if (typeof row[REST] === 'string')
          Object.keys(JSON.parse(row[REST]) as object).forEach((key) => keys.add(key));
      return [...keys].sort(compareBytes);
    },
    sum: async (key) => decimalSum(await texts(key)),
    async range(key) {
      const numbers = (await texts(key)).map(Number);
      return { min: numbers.reduce((a, b) => Math.min(a, b)), max: numbers.reduce((a, b) => Math.max(a, b)) };
    },
    distinct: async (key) => new Set(await texts(key)).size,
    sha256Sorted: async (key) => sha256((await texts(key)).sort(compareBytes).join('\n')),
    async texts(key) {
      const all = await texts(key);
      return {
        chars: all.reduce((sum, value) => sum + Array.from(value).length, 0),
        sha256: sha256(all.join('\0')),
        withNewline: all.filter((value) => value.includes('\n')).length,
      };
    },
    async countBy(key) {
      const counts = new Map<string, number>();
      for (const value of await texts(key)) counts.set(value, (counts.get(value) ?? 0) + 1);
      return Object.fromEntries([...counts].sort(([a], [b]) => compareBytes(a, b)));
    },
    records,
    close: () => parts.forEach((part) => part.close()),
  };
}
