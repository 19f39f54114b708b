import { ColumnBatch, countNodes, setUpVectors } from './batch.ts';
import { type BadRecord, readBadRecords } from './bad-records.ts';
import { byteOrderMarkLength } from './byte-order-mark.ts';
import { columnNodes, type ColumnNode } from './column-node.ts';
import { type Column, COLUMN_TYPES, type DriftPolicy, DRIFT_POLICIES } from './column.ts';
import { type DriftCount, readDriftCounts } from './drift-counts.ts';
import { InputBuffer } from './input-buffer.ts';
import type { Kernel } from './kernel.ts';
import { isSpace, LongRecord } from './long-record.ts';
import type { RecordOrigin, TextFault } from './record-origin.ts';
import { batchRowsOf, checkLimits, filledColumns, MAX_BATCH_BYTES } from './reader-limits.ts';
import { readerState } from './reader-state.ts';

/** Counted since the reader was made. `lines = records + blank`, `records = rows + bad`. */
export interface ReaderCounts {
  readonly lines: number;
  readonly records: number;
  readonly rows: number;
  readonly bad: number;
  readonly blank: number;
  readonly bom: number;
}

export interface NdjsonReaderOptions {
  /** Under the policy `rest` the last one is `_rest`, a text; otherwise there is none of that name. */
  readonly columns: readonly Column[];
  readonly drift: DriftPolicy;
  /** A line with more bytes, its line feed not counted, is a bad record. From 1 to 128 MiB - 1. */
  readonly maxRecordBytes: number;
  /** Rows a batch holds at most; default 4,096, fewer where there are more than 256 columns. For tests. */
  readonly batchRows?: number;
}

const LINE_FEED = 0x0a;

/**
 * Reads newline-delimited JSON into column batches: each line one object (RFC 8259), each value exact or put aside.
 *
 * For each input: `startInput`, `push` for each chunk, `endInput`; after each of the last two, `next` until it gives
 * nothing. Batches span inputs; `flush` gives the last one. What they hold does not depend on how the input was cut
 * into chunks, nor do their borders.
 *
 * `_rest` holds what drifts in the order of the record, keys and values as written: `{"key":value,…}`. What drifts inside
 * a nested column has its JSON Pointer (RFC 6901) as key, such as `"/items/3/price"`, and the place itself is null. A key
 * that begins with a slash is always a pointer: one of the record that does so itself is written as `"/~1…"`.
 */
export class NdjsonReader {
  readonly #kernel: Kernel;
  readonly #columns: readonly Column[];
  readonly #maxRecordBytes: number;
  readonly #reader: number;
  readonly #batch: ColumnBatch;
  readonly #input: InputBuffer;
  #counts = { lines: 0, rows: 0, bad: 0, blank: 0, bom: 0 };
  #badRecords: BadRecord[] = [];
  /** Of the first byte of `#input`, in the decoded input. */
  #offset = 0;
  /** Lines read of this input. */
  #line = 0;
  /** The first bytes of the input may be a byte order mark: they are not looked at yet. */
  #atStart = false;
  /** Of an input whose text was made lines. */
  #origin: RecordOrigin | undefined;
  /** A record that is too long, until its end comes. */
  #long: LongRecord | undefined;
  /** The caller has the batch: it is cleared before more is read. */
  #handedOut = false;

  /** @throws RangeError where the options break one of their rules. */
  constructor(kernel: Kernel, options: NdjsonReaderOptions) {
    checkLimits(options);
    this.#kernel = kernel;
    this.#maxRecordBytes = options.maxRecordBytes;
    this.#columns = filledColumns(options);
    this.#reader = newReader(kernel, this.#columns, options);
    this.#batch = new ColumnBatch(kernel, readerState(kernel, this.#reader).batch);
    this.#input = new InputBuffer(kernel, options.maxRecordBytes);
  }

  get counts(): ReaderCounts {
    return { ...this.#counts, records: this.#counts.rows + this.#counts.bad };
  }

  /**
   * The bytes that follow belong to a new input, or a share of one, whose first byte is at this decoded offset. A byte
   * order mark is looked for at offset 0 only; lines are counted from 1 again, or behind those that were read before.
   *
   * With an `origin` the bytes are lines that were made of another text: each record is told by its own bytes, without
   * white space around it, and white space behind the last line is no line.
   *
   * @throws Error where the input before has not ended or is not drained.
   */
  startInput(offset: number, origin?: RecordOrigin, linesBefore = 0): void {
    if (this.#input.length > 0 || this.#long) {
      throw new Error(
        'startInput: the input before is not read to its end; call endInput, then next until undefined',
      );
    }
    this.#offset = offset;
    this.#line = linesBefore;
    this.#atStart = offset === 0;
    this.#origin = origin;
    this.#kernel.exports.readerTrimSpace(this.#reader, origin !== undefined);
  }

  /** Takes a chunk; its bytes are copied. What is not drained by `next` piles up in memory. */
  push(chunk: Uint8Array): void {
    let bytes = chunk;
    if (this.#long) {
      const end = bytes.indexOf(LINE_FEED);
      this.#addToLong(this.#long, end < 0 ? bytes : bytes.subarray(0, end));
      this.#offset += end < 0 ? bytes.length : end + 1;
      if (end < 0) return;
      this.#finishLong(this.#long);
      bytes = bytes.subarray(end + 1);
    }
    if (bytes.length > 0) this.#input.append(bytes);
  }

  /** The input has ended: its last line is whole even without a line feed. Rows may stay for the next input's batch. */
  endInput(): void {
    if (this.#long) this.#finishLong(this.#long);
    this.#skipByteOrderMark(true);
    this.#skipOpenSpace();
    const { length, start, linesEnd } = this.#input;
    if (start + length > linesEnd) this.#input.append(Uint8Array.of(LINE_FEED));
  }

  /** A full batch, valid until the next call of anything here; undefined when more input is needed. */
  next(): ColumnBatch | undefined {
    this.#takeBack();
    this.#skipByteOrderMark(false);
    while (!this.#atStart && this.#input.start < this.#input.linesEnd && !this.#isFull()) this.#read();
    if (this.#isFull()) return this.#handOut();
    this.#skipOpenSpace();
    this.#cutLong();
    this.#origin?.release(this.#offset);
    return undefined;
  }

  /**
   * Counts what is wrong between the records that were pushed and those that follow: to be called when `next` gives
   * nothing.
   */
  addFault(fault: TextFault): void {
    this.#addBad({ ...fault, line: this.#line + 1 });
  }

  /** The rows that no batch was full of; undefined when there are none. To be called when `next` gives nothing. */
  flush(): ColumnBatch | undefined {
    this.#takeBack();
    return this.#batch.rows > 0 ? this.#handOut() : undefined;
  }

  /** Bad records since the last call, in the order of the input. */
  takeBad(): BadRecord[] {
    const taken = this.#badRecords;
    this.#badRecords = [];
    return taken;
  }

  /**
   * What drifted since the last call, sorted by the keys' UTF-8 bytes: the same under each policy (`fail` counts every
   * key of a record that it quarantines as `drift`). Keys beyond the first 4,096 count as `*`.
   */
  takeDrift(): DriftCount[] {
    const counts = readDriftCounts(this.#kernel, readerState(this.#kernel, this.#reader).driftCounts);
    this.#kernel.exports.readerClearDrift(this.#reader);
    return counts;
  }

  /** Gives the memory back to the kernel. Nothing may be called after it, and no batch be used. */
  dispose(): void {
    this.#kernel.exports.readerFree(this.#reader);
    this.#input.dispose();
  }

  #isFull(): boolean {
    return this.#kernel.exports.readerIsFull(this.#reader) !== 0;
  }

  #handOut(): ColumnBatch {
    this.#handedOut = true;
    return this.#batch;
  }

  #takeBack(): void {
    if (this.#handedOut) this.#kernel.exports.readerClear(this.#reader);
    this.#handedOut = false;
  }

  /** Lets the kernel read what it can at once. */
  #read(): void {
    const { start, linesEnd } = this.#input;
    const isUtf8 = this.#input.checkUtf8();
    const rowsBefore = this.#batch.rows;
    const end = this.#kernel.exports.readerRead(this.#reader, start, linesEnd, !isUtf8) >>> 0;
    const { lines, blank, bad, badRecords } = readerState(this.#kernel, this.#reader);
    if (bad > 0) {
      const place = { pointer: start, offset: this.#offset, line: this.#line, origin: this.#origin };
      const limit = this.#maxRecordBytes;
      for (const record of readBadRecords(this.#kernel, badRecords, bad, place, this.#columns, limit)) {
        this.#badRecords.push(record);
      }
    }
    this.#counts.lines += lines;
    this.#counts.blank += blank;
    this.#counts.bad += bad;
    this.#counts.rows += this.#batch.rows - rowsBefore;
    this.#line += lines;
    this.#advance(end);
  }

  #advance(pointer: number): void {
    this.#offset += pointer - this.#input.start;
    this.#input.advance(pointer);
  }

  /** RFC 8259, section 8.1, lets a reader ignore one at the start of a text. */
  #skipByteOrderMark(atEnd: boolean): void {
    if (!this.#atStart) return;
    const length = byteOrderMarkLength(this.#input.bytes, atEnd);
    if (length === undefined) return;
    this.#atStart = false;
    if (length === 0) return;
    this.#counts.bom++;
    this.#advance(this.#input.start + length);
  }

  /** Where the line that waits for its end is too long already, its bytes are let go. */
  #cutLong(): void {
    if (this.#atStart || this.#input.length <= this.#maxRecordBytes) return;
    const trims = this.#origin !== undefined;
    this.#long = new LongRecord(this.#offset, this.#line + 1, this.#maxRecordBytes, trims);
    this.#addToLong(this.#long, this.#input.bytes);
    this.#advance(this.#input.start + this.#input.length);
  }

  /** Its next bytes, which begin at `#offset`. */
  #addToLong(record: LongRecord, bytes: Uint8Array): void {
    if (!this.#origin) {
      record.add(bytes);
      return;
    }
    const original = Uint8Array.from(bytes);
    this.#origin.restore(this.#offset, original);
    record.add(original);
  }

  /** White space before a record that made lines still wait for. */
  #skipOpenSpace(): void {
    const { start, linesEnd, bytes } = this.#input;
    if (!this.#origin || this.#atStart || start < linesEnd) return;
    let space = 0;
    while (space < bytes.length && isSpace(bytes[space])) space++;
    if (space > 0) this.#advance(start + space);
  }

  #finishLong(record: LongRecord): void {
    this.#long = undefined;
    this.#addBad(record.finish());
  }

  #addBad(record: BadRecord): void {
    this.#badRecords.push(record);
    this.#line++;
    this.#counts.lines++;
    this.#counts.bad++;
  }
}

function newReader(kernel: Kernel, columns: readonly Column[], options: NdjsonReaderOptions): number {
  const rows = batchRowsOf(columns, options.batchRows);
  const policy = DRIFT_POLICIES.indexOf(options.drift);
  const { exports } = kernel;
  const reader =
    exports.readerNew(
      columns.length,
      countNodes(options.columns),
      policy,
      rows,
      MAX_BATCH_BYTES,
      options.maxRecordBytes,
    ) >>> 0;
  setUpVectors(kernel, readerState(kernel, reader).batch, options.columns);
  let root = 0;
  for (const [index, column] of columns.entries()) {
    const nodes = columnNodes(column);
    const type = COLUMN_TYPES.indexOf(column.type);
    withKey(kernel, column.name, (...key) => exports.readerColumn(reader, index, type, ...key));
    if (nodes.length > 1) {
      exports.readerTree(reader, index, root, nodes.length);
      setUpStructs(kernel, reader, nodes, root);
    }
    root += nodes.length;
  }
  return reader;
}

/** Gives the structs of a nested column the keys of their fields. */
function setUpStructs(kernel: Kernel, reader: number, nodes: readonly ColumnNode[], root: number): void {
  const { exports } = kernel;
  for (const [place, node] of nodes.entries()) {
    if (COLUMN_TYPES[node.type] !== 'struct') continue;
    const fields: number[] = [];
    for (let at = place + 1; at < place + node.span; at += nodes[at]?.span ?? 1) fields.push(at);
    exports.readerStruct(reader, root + place, fields.length);
    for (const [index, at] of fields.entries()) {
      const { name = '', type = 0 } = nodes[at] ?? {};
      withKey(kernel, name, (...key) =>
        exports.readerField(reader, root + place, index, root + at, type, ...key),
      );
    }
  }
}

/** Hands a key to the kernel: as JSON text with its colon, and plain. */
function withKey(
  kernel: Kernel,
  name: string,
  take: (written: number, writtenLength: number, name: number, nameLength: number) => void,
): void {
  const written = Buffer.from(`${JSON.stringify(name)}:`);
  const plain = Buffer.from(name);
  const memory = kernel.exports.allocate(written.length + plain.length) >>> 0;
  kernel.bytes.set(written, memory);
  kernel.bytes.set(plain, memory + written.length);
  take(memory, written.length, memory + written.length, plain.length);
  kernel.exports.release(memory);
}
