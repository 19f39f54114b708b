import type { Column } from '@winnow/kernel';
import { LAST_CHUNK_FIELD, writeColumnChunk, type StoredChunk } from './column-chunk.ts';
import { MAGIC, type Codec } from './format.ts';
import type { Leaf } from './leaf.ts';
import { lengthOf, pack, pieceOf, startOf, type Packed } from './packed.ts';
import { columnIndex, offsetIndex } from './page-index.ts';
import { writeSchema } from './schema.ts';
import { compactStruct, openStruct, type CompactWriter } from './thrift.ts';

/** What the end of the file needs of a row group that is written. */
export interface RowGroupFacts {
  readonly rows: number;
  readonly offset: number;
  /** Bytes of all pages with their headers. */
  readonly uncompressed: number;
  readonly compressed: number;
  /** Of each leaf the fields of ColumnChunk, without those of the page index. */
  readonly chunks: Packed;
  /** Structs of the page index; empty pieces where there is none. */
  readonly columnIndexes: Packed;
  readonly offsetIndexes: Packed;
}

export function rowGroupFacts(
  chunks: readonly StoredChunk[],
  rows: number,
  options: { readonly codec: Codec; readonly pageIndex: boolean },
): RowGroupFacts {
  const none = Buffer.alloc(0);
  return {
    rows,
    offset: chunks[0]?.offset ?? 0,
    uncompressed: chunks.reduce((sum, chunk) => sum + chunk.size.uncompressed, 0),
    compressed: chunks.reduce((sum, chunk) => sum + chunk.size.compressed, 0),
    chunks: pack(
      chunks.map((chunk) => openStruct((writer) => writeColumnChunk(writer, chunk, options.codec))),
    ),
    columnIndexes: pack(chunks.map((chunk) => (options.pageIndex ? columnIndex(chunk) : none))),
    offsetIndexes: pack(chunks.map((chunk) => (options.pageIndex ? offsetIndex(chunk) : none))),
  };
}

/** Where the structs of a row group's page index begin in the file. */
export interface IndexOffsets {
  readonly columnIndexes: number;
  readonly offsetIndexes: number;
}

/** What ends a file: the struct FileMetaData, its length, the magic. `indexes` has an element a row group. */
export function footer(
  columns: readonly Column[],
  leaves: readonly Leaf[],
  rowGroups: readonly RowGroupFacts[],
  indexes: readonly IndexOffsets[],
  createdBy: string,
): Buffer {
  const metadata = compactStruct((writer) => {
    writer.i32Field(1, 1);
    writeSchema(writer, 2, columns);
    writer.i64Field(
      3,
      rowGroups.reduce((sum, { rows }) => sum + rows, 0),
    );
    writer.structList(4, [...rowGroups.entries()], ([place, group]) =>
      writeRowGroup(writer, group, indexes[place]),
    );
    writer.binaryField(6, createdBy);
    // TYPE_ORDER for each leaf: without it readers ignore min and max.
    writer.structList(7, leaves, () => writer.structField(1, () => undefined));
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(metadata.length);
  return Buffer.concat([metadata, length, MAGIC]);
}

function writeRowGroup(writer: CompactWriter, group: RowGroupFacts, indexes: IndexOffsets | undefined): void {
  writer.structList(1, [...group.chunks.ends.keys()], (leaf) => {
    writer.continueStruct(pieceOf(group.chunks, leaf), LAST_CHUNK_FIELD);
    if (indexes === undefined) return;
    writePlace(writer, 4, group.offsetIndexes, leaf, indexes.offsetIndexes);
    writePlace(writer, 6, group.columnIndexes, leaf, indexes.columnIndexes);
  });
  writer.i64Field(2, group.uncompressed);
  writer.i64Field(3, group.rows);
  writer.i64Field(5, group.offset);
  writer.i64Field(6, group.compressed);
}

/** Offset and length as the fields `id` and `id` + 1. */
function writePlace(writer: CompactWriter, id: number, indexes: Packed, leaf: number, offset: number): void {
  const length = lengthOf(indexes, leaf);
  if (length === 0) return;
  writer.i64Field(id, offset + startOf(indexes, leaf));
  writer.i32Field(id + 1, length);
}
