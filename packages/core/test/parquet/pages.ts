import { crc32 } from 'node:zlib';
import { readColumnIndex, readOffsetIndex, type ColumnIndex, type OffsetIndex } from 'hyparquet';
import { arrayBufferOf, hyparquetMetadata, PARSERS } from './judges.ts';

/** What a page header says, as far as the tests ask: a reader of Thrift's compact protocol of our own. */
export interface PageHeader {
  readonly type: number;
  readonly uncompressed: number;
  readonly compressed: number;
  readonly crc: number;
  /** Entries of a data page or a dictionary. */
  readonly entries: number;
  readonly encoding: number;
  readonly body: Buffer;
  /** Bytes with the header. */
  readonly length: number;
}

export function pageAt(file: Buffer, offset: number): PageHeader {
  const reader = new StructReader(file, offset);
  const fields = reader.struct();
  const inner = (fields.get(5) ?? fields.get(7)) as Map<number, number>;
  const compressed = fields.get(3) as number;
  return {
    type: fields.get(1) as number,
    uncompressed: fields.get(2) as number,
    compressed,
    crc: fields.get(4) as number,
    entries: inner.get(1)!,
    encoding: inner.get(2)!,
    body: file.subarray(reader.at, reader.at + compressed),
    length: reader.at + compressed - offset,
  };
}

type Fields = Map<number, number | Fields>;

/** Structs of i32 and structs: that is all that our page headers hold. */
class StructReader {
  readonly #file: Buffer;
  at: number;

  constructor(file: Buffer, at: number) {
    this.#file = file;
    this.at = at;
  }

  struct(): Fields {
    const fields: Fields = new Map();
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      if ((head & 15) !== 5 && (head & 15) !== 12) throw new Error(`type ${head & 15} in a page header`);
      fields.set(id, (head & 15) === 5 ? this.#zigzag() : this.struct());
    }
    return fields;
  }

  #byte(): number {
    return this.#file[this.at++]!;
  }

  #zigzag(): number {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number((value >> 1n) ^ -(value & 1n));
    }
  }
}

/** All pages of a file, in order; throws where they leave gaps. */
export function pagesOf(file: Buffer): PageHeader[] {
  return hyparquetMetadata(file)
    .row_groups.flatMap((group) => group.columns)
    .flatMap(({ meta_data: facts }) => {
      const start = Number(facts!.dictionary_page_offset ?? facts!.data_page_offset);
      const end = start + Number(facts!.total_compressed_size);
      const pages: PageHeader[] = [];
      for (let at = start; at < end; at += pages.at(-1)!.length) pages.push(pageAt(file, at));
      return pages;
    });
}

export const checksumOf = (page: PageHeader): number => crc32(page.body) | 0;

interface PageIndexes {
  /** Only when asked for: hyparquet cannot read the empty bounds of pages of null dates and moments. */
  readonly columns: () => ColumnIndex | undefined;
  readonly offsets: OffsetIndex;
}

/** The page index of each chunk, as hyparquet reads it. */
export function pageIndexes(file: Buffer): PageIndexes[] {
  const { row_groups, schema } = hyparquetMetadata(file);
  const readerAt = (offset: bigint, length: number) => ({
    view: new DataView(arrayBufferOf(file.subarray(Number(offset), Number(offset) + length))),
    offset: 0,
  });
  const leaves = schema.filter(({ type }) => type !== undefined);
  return row_groups.flatMap((group) =>
    group.columns.map((chunk, index) => ({
      columns: () =>
        chunk.column_index_offset === undefined
          ? undefined
          : readColumnIndex(
              readerAt(chunk.column_index_offset, chunk.column_index_length!),
              leaves[index]!,
              PARSERS,
            ),
      offsets: readOffsetIndex(readerAt(chunk.offset_index_offset!, chunk.offset_index_length!)),
    })),
  );
}
