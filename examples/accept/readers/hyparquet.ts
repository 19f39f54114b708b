import { readFileSync } from 'node:fs';
import { parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import type { Reader } from '../reader.ts';
import { asJson } from '../restored.ts';

// hyparquet's own decoder would replace bad bytes and take a leading U+FEFF away.
const exact = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const PARSERS = {
  stringFromBytes: (bytes: Uint8Array | undefined): string | undefined =>
    bytes === undefined ? undefined : exact.decode(bytes),
  jsonFromBytes: (bytes: Uint8Array | undefined): unknown =>
    bytes === undefined ? undefined : JSON.parse(exact.decode(bytes)),
};

const bytesOf = (path: string): ArrayBuffer => Uint8Array.from(readFileSync(path)).buffer;

export const hyparquet: Reader = {
  name: 'hyparquet',
  columns({ parts: [first] }) {
    const root = first === undefined ? undefined : parquetSchema(parquetMetadata(bytesOf(first)));
    return Promise.resolve((root?.children ?? []).map(({ element }) => element.name));
  },
  async *rows({ parts }) {
    for (const part of parts)
      for (const row of await parquetReadObjects({ file: bytesOf(part), compressors, parsers: PARSERS }))
        yield asJson(row) as Record<string, unknown>;
  },
};
