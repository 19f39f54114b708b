import type { Column } from '@winnow/kernel';
import { writeColumnChunk, type StoredChunk } from './column-chunk.ts';
import { MAGIC, type Codec } from './format.ts';
import { writeSchema } from './schema.ts';
import { compactStruct } from './thrift.ts';

/** A chunk without its bytes: they are written already. */
export type ChunkFacts = Omit<StoredChunk, 'pages'>;

/**
 * The struct RowGroup, made as soon as the row group is written: a thousand columns in many row groups take little
 * room as bytes, but not as objects.
 */
export function rowGroupStruct(
  chunks: readonly ChunkFacts[],
  rows: number,
  offset: number,
  codec: Codec,
): Buffer {
  const uncompressed = chunks.reduce((sum, chunk) => sum + chunk.size.uncompressed, 0);
  const compressed = chunks.reduce((sum, chunk) => sum + chunk.size.compressed, 0);
  return compactStruct((writer) => {
    let at = offset;
    writer.structList(1, chunks, (chunk) => {
      writeColumnChunk(writer, chunk, at, codec);
      at += chunk.size.compressed;
    });
    writer.i64Field(2, uncompressed);
    writer.i64Field(3, rows);
    writer.i64Field(5, offset);
    writer.i64Field(6, compressed);
  });
}

/** What ends a file: the struct FileMetaData, its length, the magic. */
export function footer(
  columns: readonly Column[],
  rows: number,
  rowGroups: readonly Buffer[],
  createdBy: string,
): Buffer {
  const metadata = compactStruct((writer) => {
    writer.i32Field(1, 1);
    writeSchema(writer, 2, columns);
    writer.i64Field(3, rows);
    writer.writtenStructList(4, rowGroups);
    writer.binaryField(6, createdBy);
    // TYPE_ORDER for each column: without it readers ignore min and max.
    writer.structList(7, columns, () => writer.structField(1, () => undefined));
  });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(metadata.length);
  return Buffer.concat([metadata, length, MAGIC]);
}
