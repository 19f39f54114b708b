import { PAGE_ENCODINGS, type EncodedChunk, type PageEncoding } from '@winnow/kernel';
import { WinnowError } from '../errors.ts';
import type { BufferedSink } from './buffered-sink.ts';
import { CODECS, ENCODINGS, type Codec } from './format.ts';
import type { Leaf } from './leaf.ts';
import type { PageCodec } from './page-codec.ts';
import { dataPageHeader, dictionaryPageHeader, type PageBytes } from './page-header.ts';
import { physicalType } from './schema.ts';
import { chunkStatistics, pageStatistics, writeStatistics, type Statistics } from './statistics.ts';
import type { CompactWriter } from './thrift.ts';

/** Sizes in page headers are signed 32-bit numbers, and readers hold whole pages in memory. */
export const MAX_PAGE_BYTES = 1 << 30;

/** A data page that is written. */
export interface StoredPage {
  /** Where its header begins in the file. */
  readonly offset: number;
  /** With the header. */
  readonly bytes: number;
  /** Counted through the row group. */
  readonly firstRow: number;
  readonly statistics: Statistics;
}

/** A column chunk that is written. */
export interface StoredChunk {
  readonly leaf: Leaf;
  readonly encoding: PageEncoding;
  /** Where its first page begins in the file. */
  readonly offset: number;
  /** Bytes of the pages with their headers. */
  readonly size: { readonly uncompressed: number; readonly compressed: number };
  /** Bytes of the dictionary page with its header; 0 where there is none. */
  readonly dictionaryBytes: number;
  readonly pages: readonly StoredPage[];
  readonly statistics: Statistics;
}

/** Compresses and writes the pages of a chunk, one at a time. Throws where one is above {@link MAX_PAGE_BYTES}. */
export async function writeChunk(
  sink: BufferedSink,
  leaf: Leaf,
  chunk: EncodedChunk,
  codec: PageCodec,
): Promise<StoredChunk> {
  const { dictionary, encoding } = chunk;
  const offset = sink.position;
  let uncompressed = 0;
  const write = async (plain: Uint8Array, headerOf: (page: PageBytes) => Buffer): Promise<number> => {
    // Compressing may grow the kernel's memory, and then the view is of nothing.
    const { length } = plain;
    assertSize(leaf, length);
    const compressed = codec.compress(plain);
    const header = headerOf({ uncompressed: length, compressed });
    uncompressed += header.length + length;
    await sink.write(header);
    await sink.write(compressed);
    return header.length + compressed.length;
  };
  const dictionaryBytes = dictionary
    ? await write(dictionary.page, (page) => dictionaryPageHeader(page, dictionary.entries))
    : 0;
  const pages: StoredPage[] = [];
  let firstRow = 0;
  for (const encoded of chunk.pages) {
    const { position } = sink;
    const statistics = pageStatistics(leaf.type, encoded);
    const { entries, rows } = encoded;
    const bytes = await write(encoded.page, (page) => dataPageHeader(page, entries, encoding));
    pages.push({ offset: position, bytes, firstRow, statistics });
    firstRow += rows;
  }
  return {
    leaf,
    encoding,
    offset,
    size: { uncompressed, compressed: sink.position - offset },
    dictionaryBytes,
    pages,
    statistics: chunkStatistics(
      leaf.type,
      pages.map(({ statistics }) => statistics),
    ),
  };
}

function assertSize({ path }: Leaf, bytes: number): void {
  if (bytes <= MAX_PAGE_BYTES) return;
  throw new WinnowError(
    `a page of column ${JSON.stringify(path.join('.'))} must be at most ${MAX_PAGE_BYTES} bytes, is ${bytes}`,
    { hint: 'lower maxRecordBytes or rowGroupBytes' },
  );
}

/** Which encodings a chunk uses: of levels, dictionary page and data page. */
function encodingsOf(encoding: PageEncoding): number[] {
  const encodings = new Set<number>([ENCODINGS.RLE, PAGE_ENCODINGS[encoding]]);
  if (encoding === 'RLE_DICTIONARY') encodings.add(ENCODINGS.PLAIN);
  return [...encodings].sort((a, b) => a - b);
}

/** Fields of the struct ColumnChunk, up to {@link LAST_CHUNK_FIELD}: those of the page index follow. */
export function writeColumnChunk(writer: CompactWriter, chunk: StoredChunk, codec: Codec): void {
  const { leaf, offset, dictionaryBytes, size, statistics } = chunk;
  // Deprecated but required; the specification asks for 0 where no metadata stands beside the chunk.
  writer.i64Field(2, 0);
  writer.structField(LAST_CHUNK_FIELD, () => {
    writer.i32Field(1, physicalType(leaf.type));
    writer.i32List(2, encodingsOf(chunk.encoding));
    writer.binaryList(3, leaf.path);
    writer.i32Field(4, CODECS[codec]);
    writer.i64Field(5, statistics.entries);
    writer.i64Field(6, size.uncompressed);
    writer.i64Field(7, size.compressed);
    writer.i64Field(9, offset + dictionaryBytes);
    if (dictionaryBytes > 0) writer.i64Field(11, offset);
    writer.structField(12, () => writeStatistics(writer, statistics));
  });
}

export const LAST_CHUNK_FIELD = 3;
