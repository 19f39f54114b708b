import { hash } from 'node:crypto';
import { columnNodes } from './column-node.ts';
import { COLUMN_TYPES, type Column } from './column.ts';
import { JSON_TYPES } from './drift-counts.ts';
import type { Kernel } from './kernel.ts';
import type { RecordOrigin } from './record-origin.ts';
import { QUARANTINE_REASONS, type QuarantineReason } from './reasons.ts';

/** A record that broke a rule. */
export interface BadRecord {
  /** Of the first byte of its line, or of itself where lines were made of a document, in the decoded input. */
  readonly offset: number;
  /** From 1, in the share of the input that `startInput` began. */
  readonly line: number;
  readonly reason: QuarantineReason;
  /** What was wrong, for people. */
  readonly detail: string;
  /** A copy of its first MiB, without the line feed. */
  readonly raw: Uint8Array;
  /** In bytes, without the line feed. */
  readonly rawLength: number;
  /** Of all its bytes, in hexadecimal. */
  readonly sha256: string;
}

/** Bytes of a bad record that are kept. */
export const KEPT_BYTES = 1024 * 1024;

const ENTRY_WORDS = 10;
/** `column` of a bad record: nothing has this key; with a vector's number, a place inside a nested column. */
const UNKNOWN = 0xffff_ffff;
const NODE = 0x8000_0000;
/** A detail shows that many bytes of a key. */
const SHOWN_KEY_BYTES = 200;

/** Where the bytes that the kernel read lie in their input. */
export interface Place {
  /** Pointer into the kernel's memory, and the decoded offset of the byte there. */
  readonly pointer: number;
  readonly offset: number;
  /** Lines before it in this share of the input. */
  readonly line: number;
  /** Of bytes that were made lines. */
  readonly origin: RecordOrigin | undefined;
}

function shownKey(bytes: Buffer): string {
  if (bytes.length <= SHOWN_KEY_BYTES) return bytes.toString();
  let end = SHOWN_KEY_BYTES;
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.toString('utf8', 0, end)}…`;
}

/** The key at the start of `bytes`, quotes included. */
function leadingKey(bytes: Buffer): Buffer {
  let end = 1;
  while (bytes[end] !== 0x22) end += bytes[end] === 0x5c ? 2 : 1;
  return bytes.subarray(0, end + 1);
}

function driftDetail(key: Buffer, type: string, place: number, columns: readonly Column[]): string {
  if (place === UNKNOWN) return `unknown key ${shownKey(key)}, ${type}`;
  const node = place >= NODE ? columns.flatMap((column) => columnNodes(column))[place - NODE] : undefined;
  const wanted = node ? COLUMN_TYPES[node.type] : columns[place]?.type;
  return `${shownKey(key)}: ${type} does not fit ${wanted ?? 'its column'}`;
}

/** Copies the bad records of the last call out of the kernel. Layout: `assembly/ndjson/bad-records.ts`. */
export function readBadRecords(
  kernel: Kernel,
  pointer: number,
  count: number,
  place: Place,
  columns: readonly Column[],
  maxRecordBytes: number,
): BadRecord[] {
  const { buffer } = kernel.exports.memory;
  const words = new Uint32Array(buffer, pointer, count * ENTRY_WORDS);
  for (let at = 0; at < words.length; at += ENTRY_WORDS) {
    const [start = 0, length = 0] = words.subarray(at, at + 2);
    // The record is done with: nothing of the batch points to it.
    place.origin?.restore(place.offset + start - place.pointer, Buffer.from(buffer, start, length));
  }
  const kept = keptCopies(buffer, words);
  return Array.from({ length: count }, (_, index) => {
    const [
      start = 0,
      length = 0,
      line = 0,
      number = 0,
      at = 0,
      key = 0,
      keyLength = 0,
      type = 0,
      column = 0,
    ] = words.subarray(index * ENTRY_WORDS, (index + 1) * ENTRY_WORDS);
    const bytes = Buffer.from(buffer, start, length);
    const offset = place.offset + start - place.pointer;
    const reason = QUARANTINE_REASONS[number] ?? 'invalid-value';
    const keyBytes = Buffer.from(buffer, key, keyLength);
    let detail = `at byte ${at} of the record`;
    if (reason === 'drift') detail = driftDetail(keyBytes, JSON_TYPES[type] ?? '', column, columns);
    else if (reason === 'duplicate-key') detail = `${shownKey(leadingKey(keyBytes))} again ${detail}`;
    else if (reason === 'record-too-long') detail = tooLongDetail(length, maxRecordBytes);
    else if (reason === 'too-few-fields' || reason === 'too-many-fields')
      detail = `${type} fields, ${column} are expected`;
    return {
      offset,
      line: place.line + line + 1,
      reason,
      detail,
      ...(reason === 'record-too-long' ? {} : place.origin?.faultAt(offset)),
      raw: kept[index] ?? new Uint8Array(0),
      rawLength: length,
      sha256: hash('sha256', bytes),
    };
  });
}

/** The first bytes of each, in one piece of memory: a piece for each of a million small ones takes far more. */
function keptCopies(buffer: ArrayBuffer, words: Uint32Array): Uint8Array[] {
  const sources: Uint8Array[] = [];
  let total = 0;
  for (let at = 0; at < words.length; at += ENTRY_WORDS) {
    const [start = 0, length = 0] = words.subarray(at, at + 2);
    sources.push(new Uint8Array(buffer, start, Math.min(length, KEPT_BYTES)));
    total += Math.min(length, KEPT_BYTES);
  }
  const memory = new Uint8Array(total);
  let used = 0;
  return sources.map((source) => {
    memory.set(source, used);
    return memory.subarray(used, (used += source.length));
  });
}

export function tooLongDetail(length: number, maxRecordBytes: number): string {
  return `${length} bytes, at most ${maxRecordBytes} are allowed`;
}
