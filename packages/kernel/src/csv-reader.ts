import { ColumnBatch, countNodes, setUpVectors } from './batch.ts';
import { type BadRecord, readBadRecords } from './bad-records.ts';
import { byteOrderMarkLength } from './byte-order-mark.ts';
import { type Column, type ColumnType, DRIFT_POLICIES, type DriftPolicy } from './column.ts';
import { checkDialect, CSV_NEWLINES, type CsvDialect } from './csv-dialect.ts';
import { CsvDrift } from './csv-drift.ts';
import { checkFieldNames, headerNames, refuseHeader } from './csv-header.ts';
import { endsOpen, findLineEnd } from './csv-line-end.ts';
import { csvState, type CsvState } from './csv-state.ts';
import type { DriftCount } from './drift-counts.ts';
import { InputBuffer } from './input-buffer.ts';
import type { Kernel } from './kernel.ts';
import { LongRecord } from './long-record.ts';
import type { ReaderCounts } from './ndjson-reader.ts';
import { batchRowsOf, checkLimits, filledColumns, MAX_BATCH_BYTES } from './reader-limits.ts';

/**
 * Counted since the reader was made. `records = rows + bad`. Lines are physical ones: a record has as many as its
 * quoted line ends make, and so have blank lines, comments and headers one or more.
 */
export interface CsvCounts extends ReaderCounts {
  /** Records that were the header of their input. */
  readonly header: number;
  readonly comments: number;
}

export interface CsvReaderOptions {
  /** Filled from the fields of the same names. Under the policy `rest` the last one is `_rest`, a text. */
  readonly columns: readonly Column[];
  readonly drift: DriftPolicy;
  readonly dialect: CsvDialect;
  /** Texts that stand for null where they are not in quotes; `''`: a field without a byte. */
  readonly nulls: readonly string[];
  /**
   * When a text is a value of its column: `print`: when the value, written as CSV, is that text byte for byte (`1.50` is
   * a decimal of two places and no double); `value`: when the column holds its value exactly, as of JSON.
   */
  readonly fit: 'print' | 'value';
  /** A record with fewer fields than its input is a bad one, or the others are null. */
  readonly short: 'quarantine' | 'fill';
  /** A record with more bytes, its line end not counted, is a bad one. From 1 to 128 MiB - 1. */
  readonly maxRecordBytes: number;
  /** Rows a batch holds at most; default 4,096, fewer where there are more than 256 columns. For tests. */
  readonly batchRows?: number;
}

/** What is known of an input before its first byte. */
export interface CsvInput {
  /** Names of its fields; default: those of its header, or without one those of the columns. */
  readonly fields?: readonly string[];
  /** Lines before its first byte. */
  readonly linesBefore?: number;
}

const COLUMN_KINDS: readonly ColumnType[] = [
  ...(['text', 'int64', 'double', 'boolean', 'decimal', 'date', 'timestamp', 'datetime'] as const),
];
/** A field that no column is filled from: `assembly/csv/fields.ts`. */
const UNKNOWN = 0xffff_ffff;
const NO_BYTE = 0x100;
/** A record that waits for its end is looked at with each chunk up to here, then each time it has doubled. */
const EAGER_BYTES = 64 * 1024;
const CARRIAGE_RETURN = 0x0d;

/**
 * Reads delimited text into column batches: each record whole, each value exact or put aside.
 *
 * Used as {@link NdjsonReader}: for each input `startInput`, `push` for each chunk, `endInput`; after each of the last
 * two, `next` until it gives nothing; `flush` at the end. What batches hold does not depend on how the input was cut.
 *
 * `_rest` holds what drifts in the order of the record, as `{"name":"text",…}`. Fields without a column drift unless
 * they are null.
 */
export class CsvReader {
  readonly #kernel: Kernel;
  readonly #options: CsvReaderOptions;
  readonly #columns: readonly Column[];
  readonly #reader: number;
  readonly #batch: ColumnBatch;
  readonly #input: InputBuffer;
  readonly #drift = new CsvDrift();
  #counts = { lines: 0, rows: 0, bad: 0, blank: 0, bom: 0, header: 0, comments: 0 };
  #badRecords: BadRecord[] = [];
  /** Names of the fields of this input, as the kernel has them. */
  #fields: readonly string[] = [];
  /** What the caller says they are. */
  #givenFields: readonly string[] | undefined;
  #awaitsHeader = false;
  /** Of the first byte of `#input`, in the decoded input. */
  #offset = 0;
  /** Lines read of this input. */
  #line = 0;
  /** The first bytes of the input may be a byte order mark: they are not looked at yet. */
  #atStart = false;
  /** No byte comes behind those in `#input`. */
  #hasEnded = true;
  /** With fewer bytes there is no whole record. */
  #needed = 1;
  /** A record that is too long, until its end comes; the lines that it began with; a CR that may end it. */
  #long: { readonly record: LongRecord; readonly lines: number; held: boolean } | undefined;
  /** The caller has the batch: it is cleared before more is read. */
  #handedOut = false;

  /** @throws RangeError where the options break one of their rules. */
  constructor(kernel: Kernel, options: CsvReaderOptions) {
    checkLimits(options);
    checkDialect(options.dialect);
    checkKinds(options.columns);
    this.#kernel = kernel;
    this.#options = options;
    this.#columns = filledColumns(options);
    this.#reader = newReader(kernel, options);
    this.#batch = new ColumnBatch(kernel, this.#state().batch);
    this.#input = new InputBuffer(kernel, options.maxRecordBytes);
  }

  get counts(): CsvCounts {
    return { ...this.#counts, records: this.#counts.rows + this.#counts.bad };
  }

  /** Names of the fields of the input at hand; empty while its header has not come. */
  get fields(): readonly string[] {
    return this.#awaitsHeader ? [] : this.#fields;
  }

  /**
   * The bytes that follow belong to a new input, or a share of one, whose first byte is at this decoded offset. A byte
   * order mark and a header are looked for at offset 0 only.
   *
   * @throws Error where the input before has not ended or is not drained, or where nothing tells the fields.
   * @throws CsvHeaderError where two of the given fields have one name.
   */
  startInput(offset: number, { fields, linesBefore = 0 }: CsvInput = {}): void {
    if (this.#input.length > 0 || this.#long) {
      throw new Error(
        'startInput: the input before is not read to its end; call endInput, then next until undefined',
      );
    }
    const { header } = this.#options.dialect;
    if (header && offset > 0 && !fields) {
      throw new Error(`startInput: the header is not in a share that begins at byte ${offset}; give fields`);
    }
    this.#offset = offset;
    this.#line = linesBefore;
    this.#atStart = offset === 0;
    this.#hasEnded = false;
    this.#needed = 1;
    this.#givenFields = fields;
    this.#awaitsHeader = header && offset === 0;
    this.#kernel.exports.csvAwaitHeader(this.#reader, this.#awaitsHeader);
    if (!this.#awaitsHeader) this.#setFields(fields ?? this.#columns.map(({ name }) => name));
  }

  /** Takes a chunk; its bytes are copied. What is not drained by `next` piles up in memory. */
  push(chunk: Uint8Array): void {
    const bytes = this.#long ? this.#addToLong(chunk) : chunk;
    if (bytes.length > 0) this.#input.append(bytes);
  }

  /** The input has ended: its last record is whole even without a line end. */
  endInput(): void {
    if (this.#long) this.#endLong();
    this.#hasEnded = true;
    this.#skipByteOrderMark();
  }

  /**
   * A full batch, valid until the next call of anything here; undefined when more input is needed.
   * @throws CsvHeaderError where the header cannot be read, or gives one name twice: nothing of this input was read.
   */
  next(): ColumnBatch | undefined {
    this.#takeBack();
    this.#skipByteOrderMark();
    while (this.#canRead() && !this.#isFull()) this.#read();
    return this.#isFull() ? this.#handOut() : undefined;
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

  /** What drifted since the last call, by the names of the fields, sorted by their UTF-8 bytes. */
  takeDrift(): DriftCount[] {
    this.#collectDrift();
    return this.#drift.take();
  }

  /** Gives the memory back to the kernel. Nothing may be called after it, and no batch be used. */
  dispose(): void {
    this.#kernel.exports.csvFree(this.#reader);
    this.#input.dispose();
  }

  #state(): CsvState {
    return csvState(this.#kernel, this.#reader);
  }

  #isFull(): boolean {
    return this.#kernel.exports.csvIsFull(this.#reader) !== 0;
  }

  #handOut(): ColumnBatch {
    this.#handedOut = true;
    return this.#batch;
  }

  #takeBack(): void {
    if (this.#handedOut) this.#kernel.exports.csvClear(this.#reader);
    this.#handedOut = false;
  }

  #canRead(): boolean {
    const { length } = this.#input;
    return !this.#atStart && length > 0 && (this.#hasEnded || length >= this.#needed);
  }

  #setFields(names: readonly string[]): void {
    if (names.length === this.#fields.length && names.every((name, index) => name === this.#fields[index])) {
      return;
    }
    checkFieldNames(names);
    this.#collectDrift();
    const { exports } = this.#kernel;
    exports.csvFields(this.#reader, names.length);
    const places = new Map(this.#columns.map(({ name }, place) => [name, place]));
    for (const [index, name] of names.entries()) {
      const column = places.get(name) ?? UNKNOWN;
      withText(this.#kernel, `${JSON.stringify(name)}:`, (...key) =>
        exports.csvField(this.#reader, index, column, ...key),
      );
    }
    this.#fields = names;
  }

  #collectDrift(): void {
    for (const [index, name] of this.#fields.entries()) {
      this.#drift.add(name, this.#kernel.exports.csvTakeDrifted(this.#reader, index) >>> 0);
    }
  }

  /** Lets the kernel read what it can at once. */
  #read(): void {
    const { start, length } = this.#input;
    const isUtf8 = this.#input.checkUtf8(this.#textEnd());
    const rowsBefore = this.#batch.rows;
    const { exports } = this.#kernel;
    const end = exports.csvRead(this.#reader, start, start + length, this.#hasEnded, !isUtf8) >>> 0;
    const state = this.#state();
    if (state.bad > 0) this.#takeBadRecords(start, state);
    this.#counts.lines += state.lines;
    this.#counts.blank += state.blank;
    this.#counts.comments += state.comments;
    this.#counts.bad += state.bad;
    this.#counts.rows += this.#batch.rows - rowsBefore;
    this.#line += state.lines;
    this.#needed = 1;
    const isHeader = state.stopped === 'has-header';
    const names = isHeader ? this.#dropUnless(() => this.#namesOf(state)) : undefined;
    this.#advance(end);
    if (names) this.#takeHeader(names);
    if (state.stopped === 'needs-more') this.#needed = this.#nextLook();
    else if (state.stopped === 'needs-end') this.#beginLong(state.openLines);
  }

  /** Where the last character that is there as a whole ends: a record ends before it. */
  #textEnd(): number {
    const { start, bytes } = this.#input;
    let { length } = bytes;
    if (this.#hasEnded) return start + length;
    const least = Math.max(0, length - 3);
    while (length > least && ((bytes[length - 1] ?? 0) & 0xc0) === 0x80) length--;
    return start + length - (length > 0 && (bytes[length - 1] ?? 0) >= 0xc0 ? 1 : 0);
  }

  #takeBadRecords(start: number, { badRecords, bad }: CsvState): void {
    const place = { pointer: start, offset: this.#offset, line: this.#line, origin: undefined };
    const limit = this.#options.maxRecordBytes;
    for (const record of readBadRecords(this.#kernel, badRecords, bad, place, this.#columns, limit)) {
      this.#badRecords.push(record);
    }
  }

  /** Names of the fields behind the header that was just read. */
  #namesOf(state: CsvState): readonly string[] {
    const names = headerNames(this.#kernel, state, this.#options.dialect);
    checkFieldNames(this.#givenFields ?? names);
    return this.#givenFields ?? names;
  }

  #takeHeader(names: readonly string[]): void {
    this.#setFields(names);
    this.#awaitsHeader = false;
    this.#counts.header++;
  }

  /** Lets go of an input that cannot be read, so that another one may follow. */
  #dropUnless<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      this.#input.advance(this.#input.start + this.#input.length);
      throw error;
    }
  }

  #nextLook(): number {
    const { length } = this.#input;
    if (length < EAGER_BYTES) return length + 1;
    return Math.max(length + 1, Math.min(2 * length, this.#options.maxRecordBytes + 2));
  }

  #advance(pointer: number): void {
    this.#offset += pointer - this.#input.start;
    this.#input.advance(pointer);
  }

  #skipByteOrderMark(): void {
    if (!this.#atStart) return;
    const length = byteOrderMarkLength(this.#input.bytes, this.#hasEnded);
    if (length === undefined) return;
    this.#atStart = false;
    if (length === 0) return;
    this.#counts.bom++;
    this.#advance(this.#input.start + length);
  }

  /** The record at hand is too long already: its bytes are let go. */
  #beginLong(lines: number): void {
    if (this.#awaitsHeader) this.#dropUnless(() => refuseHeader('record-too-long'));
    const { maxRecordBytes } = this.#options;
    const record = new LongRecord(this.#offset, this.#line + 1, maxRecordBytes, false);
    this.#long = { record, lines: lines + 1, held: false };
    const bytes = Uint8Array.from(this.#input.bytes);
    this.#input.advance(this.#input.start + bytes.length);
    this.#addToLong(bytes, maxRecordBytes + 1);
  }

  /** Adds what belongs to the record that is too long; returns what does not. Its end is looked for from `from` on. */
  #addToLong(chunk: Uint8Array, from = 0): Uint8Array {
    if (!this.#long || chunk.length === 0) return chunk;
    const { newline } = this.#options.dialect;
    const bytes = this.#long.held ? Buffer.concat([Uint8Array.of(CARRIAGE_RETURN), chunk]) : chunk;
    const found = findLineEnd(bytes, newline, from);
    if (found) {
      this.#long.record.add(bytes.subarray(0, found.at));
      this.#offset += found.next;
      this.#finishLong();
      return bytes.subarray(found.next);
    }
    this.#long.held = endsOpen(bytes, newline);
    const length = bytes.length - (this.#long.held ? 1 : 0);
    this.#long.record.add(bytes.subarray(0, length));
    this.#offset += length;
    return bytes.subarray(bytes.length);
  }

  /** The input ends with the record that is too long. */
  #endLong(): void {
    if (this.#long?.held && this.#options.dialect.newline === 'crlf') {
      this.#long.record.add(Uint8Array.of(CARRIAGE_RETURN));
    }
    this.#finishLong();
  }

  #finishLong(): void {
    if (!this.#long) return;
    const { record, lines } = this.#long;
    this.#long = undefined;
    this.#badRecords.push(record.finish());
    this.#line += lines;
    this.#counts.lines += lines;
    this.#counts.bad++;
  }
}

function checkKinds(columns: readonly Column[]): void {
  for (const { name, type } of columns) {
    if (COLUMN_KINDS.includes(type)) continue;
    throw new RangeError(
      `a column of CSV must be one of ${COLUMN_KINDS.join(', ')}, ${JSON.stringify(name)} is ${type}: make it text`,
    );
  }
}

const byteOf = (character: string | undefined): number => character?.charCodeAt(0) ?? NO_BYTE;

function newReader(kernel: Kernel, options: CsvReaderOptions): number {
  const { exports } = kernel;
  const { columns, drift, dialect, nulls, fit, short, maxRecordBytes } = options;
  const filled = filledColumns(options);
  const reader =
    exports.csvNew(
      filled.length,
      countNodes(columns),
      DRIFT_POLICIES.indexOf(drift),
      batchRowsOf(filled, options.batchRows),
      MAX_BATCH_BYTES,
      maxRecordBytes,
      fit === 'print',
      short === 'fill',
      nulls.length,
    ) >>> 0;
  setUpVectors(kernel, csvState(kernel, reader).batch, columns);
  const { delimiter, quote, escape, comment, newline, blankLines } = dialect;
  exports.csvDialect(
    reader,
    byteOf(delimiter),
    byteOf(quote),
    byteOf(escape === 'double' ? quote : '\\'),
    byteOf(comment),
    CSV_NEWLINES.indexOf(newline),
    blankLines === 'skip',
  );
  for (const text of nulls) withText(kernel, text, (...bytes) => exports.csvNull(reader, ...bytes));
  return reader;
}

/** Hands a text to the kernel. */
function withText(kernel: Kernel, text: string, take: (pointer: number, length: number) => void): void {
  const bytes = Buffer.from(text);
  const memory = kernel.exports.allocate(bytes.length) >>> 0;
  kernel.bytes.set(bytes, memory);
  take(memory, bytes.length);
  kernel.exports.release(memory);
}
