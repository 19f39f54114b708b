// Lines to rows: the loop over the input.
import { Batch, batchClear } from '../batch';
import { badRecordAt, freeBadRecords, MAX_BAD } from './bad-records';
import { cellAt } from './cells';
import { convertCells } from './convert';
import { countDrifts } from './drift-counts';
import { beginRecord, clearDrifts, driftAt, forgetRecord } from './drifts';
import { fail, faultAt, faultReason } from './fault';
import { columnAt } from './keys';
import { jsonType } from './kinds';
import { readRecord } from './line';
import { FAIL, REST } from './policy';
import { Reader } from './reader';
import { DRIFT, DUPLICATE_KEY, INVALID_UTF8, NOT_AN_OBJECT, RECORD_TOO_LONG } from './reasons';
import { convertRest } from './rest';
import { LINE_FEED, nextLineFeed, OPEN_BRACE, skipSpace } from './scan';
import { completeTrees, rollBack } from './tree';
import { invalidUtf8 } from './utf8';

/** A block ends when so many drifts wait to be converted. */
const MAX_BLOCK_DRIFTS: u32 = 16_384;

function isFull(reader: Reader, blockRows: u32): bool {
  const batch = changetype<Batch>(reader.batch);
  return batch.rows + blockRows == batch.rowCapacity || reader.batchBytes >= reader.maxBatchBytes;
}

/** Where the record that ends at `end` has its last byte that is no white space, and one more. */
function trimmedEnd(start: usize, end: usize): usize {
  while (end > start && <u32>load<u8>(end - 1) <= 0x20 && skipSpace(end - 1) != end - 1) end--;
  return end;
}

/** Notes the record [start, end) as bad and takes back what it left in the block. */
function reject(reader: Reader, start: usize, end: usize, at: usize, reason: u32, row: u32): void {
  const bad = badRecordAt(reader.badRecords, reader.bad++);
  const recordEnd = reader.trimsSpace ? trimmedEnd(start, end) : end;
  bad.start = start;
  bad.length = <u32>(recordEnd - start);
  bad.line = reader.lines - 1;
  bad.reason = reason;
  bad.at = <u32>(at - start);
  bad.key = start;
  bad.keyLength = 0;
  bad.jsonType = 0;
  bad.column = 0;
  bad.owned = 0;
  if (reason == DUPLICATE_KEY) {
    bad.key = at;
    bad.keyLength = <u32>(end - at);
  } else if (reason == DRIFT) {
    const drift = driftAt(reader.drifts, reader.drifts.recordStart);
    bad.key = drift.key;
    bad.keyLength = drift.keyLength;
    bad.jsonType = jsonType(drift.kind);
    bad.column = drift.column;
    bad.at = <u32>((drift.isOwned ? drift.value : drift.key) - start);
    if (drift.isOwned) bad.owned = drift.key;
    drift.isOwned = 0;
  }
  forgetRecord(reader.drifts);
  rollBack(reader.trees);
  for (let i: u32 = 0; i < reader.keys.count; i++) cellAt(columnAt(reader.keys, i).cells, row).tag = 0;
}

/** Whether the line that `readLine` read last became a row. */
let isRow: bool = false;

/** Reads the line at `p` as row `row` of the block. Returns where the next one starts. */
function readLine(reader: Reader, p: usize, row: u32, checkUtf8: bool): usize {
  reader.lines++;
  isRow = false;
  if (reader.trimsSpace) p = skipSpace(p);
  let end: usize = 0;
  let at: usize = 0;
  let reason: u32 = 0;
  if (checkUtf8) {
    end = nextLineFeed(p);
    at = invalidUtf8(p, end);
    reason = INVALID_UTF8;
  }
  if (!at) {
    const first = skipSpace(p);
    const byte: u32 = load<u8>(first);
    let recordEnd: usize = 0;
    if (byte == OPEN_BRACE) recordEnd = readRecord(reader, first, row);
    else if (byte == LINE_FEED) {
      if (<u32>(first - p) <= reader.maxRecordBytes) {
        reader.blank++;
        return first + 1;
      }
      recordEnd = first;
    } else fail(first, NOT_AN_OBJECT);
    if (recordEnd) end = recordEnd;
    else {
      at = faultAt;
      reason = faultReason;
      if (!end) end = nextLineFeed(at);
    }
  }
  if (<u32>(end - p) > reader.maxRecordBytes) {
    reject(reader, p, end, p, RECORD_TOO_LONG, row);
  } else if (at) {
    reject(reader, p, end, at, reason, row);
  } else {
    const drifts = reader.drifts;
    if (drifts.count > drifts.recordStart) countDrifts(reader.driftCounts, drifts);
    if (reader.policy == FAIL && drifts.count > drifts.recordStart) reject(reader, p, end, p, DRIFT, row);
    else {
      // Pointers may take more than the record itself.
      reader.batchBytes += <u32>(end - p) + drifts.pointerBytes;
      isRow = true;
    }
  }
  return end + 1;
}

/** Reads lines until the block or the batch is full or the input ends, then converts them. */
function readBlock(reader: Reader, p: usize, end: usize, checkUtf8: bool): usize {
  let rows: u32 = 0;
  const drifts = reader.drifts;
  while (p < end && rows < reader.blockRows && !isFull(reader, rows)) {
    if (reader.bad == MAX_BAD || drifts.count > MAX_BLOCK_DRIFTS) break;
    beginRecord(drifts);
    reader.trees.record++;
    p = readLine(reader, p, rows, checkUtf8);
    if (isRow) rows++;
  }
  if (rows) convertCells(reader, rows);
  completeTrees(reader.trees, changetype<Batch>(reader.batch).rows + rows);
  if (rows && reader.policy == REST) convertRest(reader, rows);
  clearDrifts(drifts);
  changetype<Batch>(reader.batch).rows += rows;
  return p;
}

/**
 * Reads whole lines from [start, end), which ends behind a line feed, into the batch. Stops at its end, when the batch
 * is full, or when there is no room for one more bad record; returns where it stopped. `checkUtf8`: some line may not
 * be UTF-8.
 */
export function readerRead(readerPointer: usize, start: usize, end: usize, checkUtf8: bool): usize {
  const reader = changetype<Reader>(readerPointer);
  freeBadRecords(reader.badRecords, reader.bad);
  reader.lines = 0;
  reader.blank = 0;
  reader.bad = 0;
  let p = start;
  while (p < end && reader.bad < MAX_BAD && !isFull(reader, 0)) p = readBlock(reader, p, end, checkUtf8);
  return p;
}

/** Whether the batch takes no more rows. */
export function readerIsFull(readerPointer: usize): bool {
  return isFull(changetype<Reader>(readerPointer), 0);
}

/** Makes the batch empty. */
export function readerClear(readerPointer: usize): void {
  const reader = changetype<Reader>(readerPointer);
  batchClear(reader.batch);
  reader.batchBytes = 0;
}
