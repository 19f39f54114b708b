// A reader of CSV: its dialect, the fields of its input, the block it is working on, and its life.
import { Batch, batchFree, batchNew, Vector, vectorOf } from '../batch';
import { badRecordsNew, freeBadRecords } from '../ndjson/bad-records';
import { releaseTexts } from '../ndjson/fit';
import { prepareNumbers } from '../ndjson/number';
import { REST } from '../ndjson/policy';
import { Growable, growableFree, growableNew } from '../parquet/growable';
import { Dialect, NO_BYTE, setNewline } from './dialect';
import { fieldAt, Fields, fieldsFree, fieldsNew, setField, UNKNOWN } from './fields';
import { addNull, Nulls, nullsFree, nullsNew } from './nulls';

/** The first eleven words are read by src/csv-state.ts: keep both in step. */
@unmanaged
export class CsvReader {
  /** The column batch; belongs to the reader. */
  batch: usize;
  /** Lines, blank lines, comments and bad records of the last call. */
  lines: u32;
  blank: u32;
  comments: u32;
  bad: u32;
  badRecords: usize;
  /** Why the last call stopped: see read.ts. */
  stopped: u32;
  /** Line ends inside the record that has no end yet. */
  openLines: u32;
  /** The header: its cells, how many, and the rule that it broke; UNKNOWN = none. */
  headerCells: usize;
  headerFields: u32;
  headerFault: u32;
  /** Whether the next record is the header. */
  awaitsHeader: u32;
  /** Bytes of the records in the batch. */
  batchBytes: u32;
  maxBatchBytes: u32;
  maxRecordBytes: u32;
  policy: u32;
  /** Columns that are filled from fields. */
  columns: u32;
  /** Whether a value must print as its text. */
  printsBack: u32;
  /** Whether fields that a record lacks are null. */
  fillsShort: u32;
  dialect: Dialect;
  nulls: Nulls;
  fields: Fields;
  /** For `_rest`. */
  out: Growable;
  plain: Growable;
}

/** As `readerNew`; the dialect and the fields are still to be set. `nulls`: how many texts stand for null. */
export function csvNew(
  columns: u32,
  nodes: u32,
  policy: u32,
  rowCapacity: u32,
  maxBatchBytes: u32,
  maxRecordBytes: u32,
  printsBack: bool,
  fillsShort: bool,
  nulls: u32,
): usize {
  prepareNumbers();
  const reader = changetype<CsvReader>(heap.alloc(offsetof<CsvReader>()));
  memory.fill(changetype<usize>(reader), 0, offsetof<CsvReader>());
  reader.batch = batchNew(columns + u32(policy == REST), nodes, rowCapacity);
  reader.badRecords = badRecordsNew();
  reader.headerFault = UNKNOWN;
  reader.maxBatchBytes = maxBatchBytes;
  reader.maxRecordBytes = maxRecordBytes;
  reader.policy = policy;
  reader.columns = columns;
  reader.printsBack = u32(printsBack);
  reader.fillsShort = u32(fillsShort);
  reader.dialect = changetype<Dialect>(heap.alloc(offsetof<Dialect>()));
  reader.nulls = nullsNew(nulls);
  reader.fields = fieldsNew(0, columns);
  reader.out = growableNew();
  reader.plain = growableNew();
  return changetype<usize>(reader);
}

/** Bytes of the dialect; NO_BYTE where it has none. */
export function csvDialect(
  readerPointer: usize,
  delimiter: u32,
  quote: u32,
  escape: u32,
  comment: u32,
  newline: u32,
  skipsBlank: bool,
): void {
  const dialect = changetype<CsvReader>(readerPointer).dialect;
  dialect.delimiter = delimiter;
  dialect.quote = quote;
  dialect.escape = quote == NO_BYTE ? NO_BYTE : escape;
  dialect.comment = comment;
  dialect.skipsBlank = u32(skipsBlank);
  setNewline(dialect, newline);
}

/** One more text that stands for null. */
export function csvNull(readerPointer: usize, text: usize, length: u32): void {
  addNull(changetype<CsvReader>(readerPointer).nulls, text, length);
}

/** The records that follow have `count` fields, to be set with `csvField`. */
export function csvFields(readerPointer: usize, count: u32): void {
  const reader = changetype<CsvReader>(readerPointer);
  fieldsFree(reader.fields);
  reader.fields = fieldsNew(count, reader.columns);
}

/** Fields must be set in order. `column`: UNKNOWN where none is filled from it; `name`: as JSON text with its colon. */
export function csvField(readerPointer: usize, index: u32, column: u32, name: usize, nameLength: u32): void {
  const reader = changetype<CsvReader>(readerPointer);
  const batch = changetype<Batch>(reader.batch);
  let vector: Vector | null = null;
  if (column != UNKNOWN) vector = vectorOf(batch, column);
  setField(reader.fields, index, column, vector, name, nameLength);
}

/** Records in which field `index` drifted since the last call. */
export function csvTakeDrifted(readerPointer: usize, index: u32): u32 {
  const field = fieldAt(changetype<CsvReader>(readerPointer).fields, index);
  const drifted = field.drifted;
  field.drifted = 0;
  return drifted;
}

export function csvAwaitHeader(readerPointer: usize, awaits: bool): void {
  changetype<CsvReader>(readerPointer).awaitsHeader = u32(awaits);
}

export function csvFree(readerPointer: usize): void {
  const reader = changetype<CsvReader>(readerPointer);
  batchFree(reader.batch);
  freeBadRecords(reader.badRecords, reader.bad);
  heap.free(reader.badRecords);
  if (reader.headerCells) heap.free(reader.headerCells);
  heap.free(changetype<usize>(reader.dialect));
  nullsFree(reader.nulls);
  fieldsFree(reader.fields);
  growableFree(reader.out);
  growableFree(reader.plain);
  releaseTexts();
  heap.free(readerPointer);
}
