import { PAGE_ENCODINGS, type Column, type EncodedChunk, type PageEncoding } from '@winnow/kernel';
import { WinnowError } from '../errors.ts';
import { zstdPage } from '../zstd/compress.ts';
import { CODECS, ENCODINGS, type Codec } from './format.ts';
import { dataPageHeader, dictionaryPageHeader, type PageSize } from './page-header.ts';
import { PARQUET_TYPES } from './schema.ts';
import { statisticsOf, writeStatistics, type Statistics } from './statistics.ts';
import type { CompactWriter } from './thrift.ts';

/** Sizes in page headers are signed 32-bit numbers, and readers hold whole pages in memory. */
export const MAX_PAGE_BYTES = 1 << 30;

/** A column chunk ready to be written: `pages` are its bytes, the rest goes into the footer. */
export interface StoredChunk {
  readonly column: Column;
  readonly rows: number;
  readonly encoding: PageEncoding;
  readonly pages: readonly Uint8Array[];
  /** Bytes of the pages with their headers. */
  readonly size: PageSize;
  /** Bytes of the dictionary page with its header; 0 where there is none. */
  readonly dictionaryBytes: number;
  readonly statistics: Statistics;
}

/** Compresses the pages of a chunk. Throws where one is above {@link MAX_PAGE_BYTES}. */
export function storeChunk(column: Column, chunk: EncodedChunk, rows: number, level: number): StoredChunk {
  const { dictionary, encoding } = chunk;
  const dictionaryPage =
    dictionary &&
    storePage(column, dictionary.page, level, (size) => dictionaryPageHeader(dictionary.entries, size));
  const dataPage = storePage(column, chunk.page, level, (size) => dataPageHeader(rows, encoding, size));
  const pages = dictionaryPage ? [dictionaryPage, dataPage] : [dataPage];
  return {
    column,
    rows,
    encoding,
    pages: pages.flatMap((page) => page.bytes),
    size: {
      uncompressed: pages.reduce((sum, page) => sum + page.size.uncompressed, 0),
      compressed: pages.reduce((sum, page) => sum + page.size.compressed, 0),
    },
    dictionaryBytes: dictionaryPage?.size.compressed ?? 0,
    statistics: statisticsOf(column.type, chunk, rows),
  };
}

interface StoredPage {
  readonly bytes: readonly Uint8Array[];
  /** With the header, unlike what the header itself says. */
  readonly size: PageSize;
}

function storePage(
  column: Column,
  page: Uint8Array,
  level: number,
  headerOf: (size: PageSize) => Buffer,
): StoredPage {
  if (page.length > MAX_PAGE_BYTES) {
    throw new WinnowError(
      `a page of column ${JSON.stringify(column.name)} must be at most ${MAX_PAGE_BYTES} bytes, is ${page.length}`,
      { hint: 'lower maxRecordBytes or rowGroupBytes' },
    );
  }
  const body = zstdPage(page, level);
  const header = headerOf({ uncompressed: page.length, compressed: body.length });
  return {
    bytes: [header, body],
    size: { uncompressed: header.length + page.length, compressed: header.length + body.length },
  };
}

/** Which encodings a chunk uses: of levels, dictionary page and data page. */
function encodingsOf(encoding: PageEncoding): number[] {
  const encodings = new Set<number>([ENCODINGS.RLE, PAGE_ENCODINGS[encoding]]);
  if (encoding === 'RLE_DICTIONARY') encodings.add(ENCODINGS.PLAIN);
  return [...encodings].sort((a, b) => a - b);
}

/** The struct ColumnChunk of a chunk that begins at byte `offset` of the file. */
export function writeColumnChunk(
  writer: CompactWriter,
  chunk: Omit<StoredChunk, 'pages'>,
  offset: number,
  codec: Codec,
): void {
  // Deprecated but required; the specification asks for 0 where no metadata stands beside the chunk.
  writer.i64Field(2, 0);
  writer.structField(3, () => {
    writer.i32Field(1, PARQUET_TYPES[chunk.column.type].physical);
    writer.i32List(2, encodingsOf(chunk.encoding));
    writer.stringList(3, [chunk.column.name]);
    writer.i32Field(4, CODECS[codec]);
    writer.i64Field(5, chunk.rows);
    writer.i64Field(6, chunk.size.uncompressed);
    writer.i64Field(7, chunk.size.compressed);
    writer.i64Field(9, offset + chunk.dictionaryBytes);
    if (chunk.dictionaryBytes > 0) writer.i64Field(11, offset);
    writer.structField(12, () => writeStatistics(writer, chunk.statistics));
  });
}
