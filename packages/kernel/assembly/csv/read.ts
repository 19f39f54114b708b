// Records to rows: the loop over the input.
import { Batch, batchClear, Vector, vectorOf } from '../batch';
import { badRecordAt, freeBadRecords, MAX_BAD } from '../ndjson/bad-records';
import { FAIL, REST } from '../ndjson/policy';
import { DRIFT, INVALID_UTF8, RECORD_TOO_LONG, TOO_FEW_FIELDS, TOO_MANY_FIELDS } from '../ndjson/reasons';
import { invalidUtf8 } from '../ndjson/utf8';
import { CELL_BYTES, cellAt, DRIFTED, NULL } from './cells';
import { convertAbsent, convertCells } from './convert';
import { closeData, lineEndLength, looksAhead } from './dialect';
import { checkedAt, fieldAt, UNKNOWN } from './fields';
import { fitCell } from './fit';
import { fitBlock } from './fit-block';
import { markNulls } from './nulls';
import { CsvReader } from './reader';
import { convertRest } from './rest';
import { nextLineEnd } from './scan';
import {
  ENDLESS,
  faultAt,
  faultReason,
  fieldCount,
  innerLines,
  nextRecord,
  recordEnd,
  seek,
  splitRecord,
  WHOLE,
} from './split';

// Why a call stopped: the order of CSV_STOPS in src/csv-state.ts.
/** Everything is read, or the batch is full, or there is no room for one more bad record. */
const NOTHING: u32 = 0;
/** The record at hand has not ended. */
const NEEDS_MORE: u32 = 1;
/** It has not ended and is too long already: only its end matters. */
const NEEDS_END: u32 = 2;
/** The header was read. */
const HAS_HEADER: u32 = 3;

/** JSON type of what drifts: a string. */
const JSON_STRING: u32 = 3;

function isFull(reader: CsvReader, blockRows: u32): bool {
  const batch = changetype<Batch>(reader.batch);
  return batch.rows + blockRows == batch.rowCapacity || reader.batchBytes >= reader.maxBatchBytes;
}

/** Notes the record that was split last as bad. */
function reject(reader: CsvReader, start: usize, at: usize, reason: u32): void {
  const bad = badRecordAt(reader.badRecords, reader.bad++);
  bad.start = start;
  bad.length = <u32>(recordEnd - start);
  bad.line = reader.lines;
  bad.reason = reason;
  bad.at = <u32>(at - start);
  bad.key = start;
  bad.keyLength = 0;
  bad.jsonType = 0;
  bad.column = 0;
  bad.owned = 0;
}

/** A record with too few or too many fields: `jsonType` and `column` tell how many there are and should be. */
function rejectRagged(reader: CsvReader, start: usize, reason: u32): void {
  reject(reader, start, start, reason);
  const bad = badRecordAt(reader.badRecords, reader.bad - 1);
  bad.jsonType = fieldCount;
  bad.column = reader.fields.count;
}

function rejectDrift(reader: CsvReader, start: usize, index: u32, at: usize): void {
  const field = fieldAt(reader.fields, index);
  reject(reader, start, at, DRIFT);
  const bad = badRecordAt(reader.badRecords, reader.bad - 1);
  bad.key = field.name;
  bad.keyLength = field.nameLength - 1;
  bad.jsonType = JSON_STRING;
  bad.column = field.column;
}

/** Fits the fields of row `row` of the block, under the policy FAIL; false = one drifts: the record is rejected. */
function fitRow(reader: CsvReader, start: usize, cells: usize, row: u32): bool {
  const fields = reader.fields;
  const batch = changetype<Batch>(reader.batch);
  const printsBack = reader.printsBack != 0;
  let firstDrift: u32 = UNKNOWN;
  for (let i: u32 = 0; i < fields.checkedCount; i++) {
    const index = checkedAt(fields, i);
    const field = fieldAt(fields, index);
    const cell = cellAt(cells, index);
    const isFit =
      field.column == UNKNOWN
        ? (cell.tag & 7) == NULL
        : fitCell(
            cell,
            field.type,
            field.parameter,
            changetype<Vector>(field.vector),
            batch.rows + row,
            printsBack,
          );
    if (isFit) continue;
    cell.tag |= DRIFTED;
    field.drifted++;
    if (firstDrift == UNKNOWN) firstDrift = index;
  }
  if (firstDrift == UNKNOWN) return true;
  rejectDrift(reader, start, firstDrift, cellAt(cells, firstDrift).start);
  return false;
}

/** Judges the record that was split last; whether it became row `row` of the block. */
function takeRecord(reader: CsvReader, start: usize, cells: usize, row: u32, checkUtf8: bool): bool {
  const fields = reader.fields;
  const badByte: usize = checkUtf8 ? invalidUtf8(start, recordEnd) : 0;
  if (faultAt && faultReason == RECORD_TOO_LONG) reject(reader, start, faultAt, RECORD_TOO_LONG);
  else if (badByte) reject(reader, start, badByte, INVALID_UTF8);
  else if (faultAt) reject(reader, start, faultAt, faultReason);
  else if (fieldCount > fields.count) rejectRagged(reader, start, TOO_MANY_FIELDS);
  else if (fieldCount < fields.count && !reader.fillsShort) rejectRagged(reader, start, TOO_FEW_FIELDS);
  else {
    for (let i = fieldCount; i < fields.count; i++) cellAt(cells, i).tag = NULL;
    if (reader.nulls.count) markNulls(reader.nulls, cells, fields.count);
    if (reader.policy == FAIL && !fitRow(reader, start, cells, row)) return false;
    reader.batchBytes += <u32>(recordEnd - start);
    return true;
  }
  return false;
}

/** The record that was split last is the header: it is split again, now that the number of its fields is known. */
function takeHeader(reader: CsvReader, start: usize, end: usize, isLast: bool, checkUtf8: bool): void {
  const fault = faultAt ? faultReason : UNKNOWN;
  const isUtf8 = !checkUtf8 || !invalidUtf8(start, recordEnd);
  reader.headerFault = fault == UNKNOWN && !isUtf8 ? INVALID_UTF8 : fault;
  reader.headerFields = fieldCount;
  if (reader.headerCells) heap.free(reader.headerCells);
  reader.headerCells = heap.alloc(<usize>fieldCount * CELL_BYTES);
  seek(reader.dialect, start);
  splitRecord(
    reader.dialect,
    start,
    end,
    isLast,
    reader.maxRecordBytes,
    reader.headerCells,
    fieldCount,
    NULL,
  );
  reader.awaitsHeader = 0;
  reader.stopped = HAS_HEADER;
}

/** Passes the line at `p` if it is blank or a comment; returns where the next one starts, or `p`. */
function passLine(reader: CsvReader, p: usize, end: usize, isLast: bool): usize {
  const dialect = reader.dialect;
  const byte: u32 = load<u8>(p);
  if (byte == dialect.comment) {
    const lineEnd = nextLineEnd(dialect, p);
    const isOpen = lineEnd >= end || (lineEnd + 1 == end && looksAhead(dialect, lineEnd));
    if (<u32>(min(lineEnd, end) - p) > reader.maxRecordBytes) return p;
    if (isOpen && !isLast) {
      reader.stopped = NEEDS_MORE;
      return p;
    }
    reader.comments++;
    reader.lines++;
    return lineEnd < end ? lineEnd + lineEndLength(dialect, lineEnd) : end;
  }
  if (!dialect.skipsBlank || (byte != dialect.firstEnd && byte != dialect.secondEnd)) return p;
  if (!isLast && p + 1 == end && looksAhead(dialect, p)) {
    reader.stopped = NEEDS_MORE;
    return p;
  }
  const length = lineEndLength(dialect, p);
  if (!length) return p;
  reader.blank++;
  reader.lines++;
  return p + length;
}

/** Reads records until the block or the batch is full or there is no whole one, then converts them. */
function readBlock(reader: CsvReader, p: usize, end: usize, isLast: bool, checkUtf8: bool): usize {
  const dialect = reader.dialect;
  const fields = reader.fields;
  let cells = fields.cells;
  let rows: u32 = 0;
  while (p < end && rows < fields.blockRows && !isFull(reader, rows) && reader.bad < MAX_BAD) {
    const next = passLine(reader, p, end, isLast);
    if (reader.stopped) break;
    if (next != p) {
      p = next;
      seek(dialect, p);
      continue;
    }
    const emptyKind = reader.nulls.emptyKind;
    const limit = reader.maxRecordBytes;
    const outcome = splitRecord(dialect, p, end, isLast, limit, cells, fields.count, emptyKind);
    if (outcome != WHOLE) {
      reader.stopped = outcome == ENDLESS ? NEEDS_END : NEEDS_MORE;
      reader.openLines = innerLines;
      break;
    }
    if (reader.awaitsHeader) takeHeader(reader, p, end, isLast, checkUtf8);
    else if (takeRecord(reader, p, cells, rows, checkUtf8)) {
      rows++;
      cells += <usize>fields.count * CELL_BYTES;
    }
    reader.lines += innerLines + 1;
    p = nextRecord;
    if (reader.stopped) break;
  }
  if (!rows) return p;
  const batch = changetype<Batch>(reader.batch);
  const drifts = reader.policy != FAIL && fitBlock(reader, rows);
  convertCells(dialect, fields, batch, reader.columns, rows);
  if (reader.policy == REST) {
    if (drifts) convertRest(dialect, fields, batch, rows, reader.out, reader.plain);
    else convertAbsent(vectorOf(batch, reader.columns), batch.rows, rows);
  }
  batch.rows += rows;
  return p;
}

/**
 * Reads whole records from [start, end) into the batch; `isLast`: the input ends there. Returns where it stopped, which
 * is in front of a record that is not whole. The three bytes from `end` on are overwritten. `checkUtf8`: some record
 * may not be UTF-8.
 */
export function csvRead(
  readerPointer: usize,
  start: usize,
  end: usize,
  isLast: bool,
  checkUtf8: bool,
): usize {
  const reader = changetype<CsvReader>(readerPointer);
  freeBadRecords(reader.badRecords, reader.bad);
  reader.lines = 0;
  reader.blank = 0;
  reader.comments = 0;
  reader.bad = 0;
  reader.stopped = NOTHING;
  closeData(reader.dialect, end);
  seek(reader.dialect, start);
  let p = start;
  while (p < end && !reader.stopped && reader.bad < MAX_BAD && !isFull(reader, 0)) {
    p = readBlock(reader, p, end, isLast, checkUtf8);
  }
  return p;
}

/** Whether the batch takes no more rows. */
export function csvIsFull(readerPointer: usize): bool {
  return isFull(changetype<CsvReader>(readerPointer), 0);
}

/** Makes the batch empty. */
export function csvClear(readerPointer: usize): void {
  const reader = changetype<CsvReader>(readerPointer);
  batchClear(reader.batch);
  reader.batchBytes = 0;
}
