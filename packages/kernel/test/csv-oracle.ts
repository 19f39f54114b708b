/**
 * What must come of CSV, said as plainly as possible: one byte after the other, all of the input at hand, a record at a
 * time. Bytes are the characters of a Latin-1 string.
 */
import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import type { CellValue } from '../src/batch-rows.ts';
import type { CsvDialect } from '../src/csv-dialect.ts';
import type { CsvInput, CsvReaderOptions } from '../src/csv-reader.ts';
import type { QuarantineReason } from '../src/reasons.ts';
import { fitText } from './csv-oracle-values.ts';
import type { CsvResult } from './read-csv.ts';

interface Field {
  /** Latin-1, escapes resolved. */
  readonly text: string;
  readonly quoted: boolean;
}

/** What stands between `start` and `next`: all of an input is made of these, one behind the other. */
export interface Span {
  readonly is: 'blank' | 'comment' | 'record';
  readonly start: number;
  /** Without the line end. */
  readonly end: number;
  readonly next: number;
  readonly fields: readonly Field[];
  readonly reason: QuarantineReason | undefined;
}

class Splitter {
  readonly #bytes: string;
  readonly #dialect: CsvDialect;
  readonly #maxBytes: number;

  constructor(bytes: string, dialect: CsvDialect, maxBytes: number) {
    this.#bytes = bytes;
    this.#dialect = dialect;
    this.#maxBytes = maxBytes;
  }

  /** Bytes of the line end at `at`. */
  lineEnd(at: number): number {
    const [byte, next] = [this.#bytes[at], this.#bytes[at + 1]];
    const { newline } = this.#dialect;
    if (newline === 'lf') return byte === '\n' ? 1 : 0;
    if (newline === 'cr') return byte === '\r' ? 1 : 0;
    if (byte === '\r' && next === '\n') return 2;
    return newline === 'any' && (byte === '\r' || byte === '\n') ? 1 : 0;
  }

  nextLineEnd(from: number): number {
    let at = from;
    while (at < this.#bytes.length && this.lineEnd(at) === 0) at++;
    return at;
  }

  linesIn(from: number, to: number): number {
    let lines = 0;
    for (let at = from; at < to;) {
      const length = this.lineEnd(at);
      if (length > 0) lines++;
      at += length || 1;
    }
    return lines;
  }

  #span(is: Span['is'], start: number, end: number, fields: Field[], reason?: QuarantineReason): Span {
    return { is, start, end, next: end + this.lineEnd(end), fields, reason };
  }

  at(start: number): Span {
    const { comment, blankLines } = this.#dialect;
    const end = this.nextLineEnd(start);
    if (comment !== undefined && this.#bytes[start] === comment && end - start <= this.#maxBytes) {
      return this.#span('comment', start, end, []);
    }
    if (blankLines === 'skip' && end === start) return this.#span('blank', start, end, []);
    return this.#record(start);
  }

  #tooLong(start: number): Span {
    return this.#span('record', start, this.nextLineEnd(start + this.#maxBytes + 1), [], 'record-too-long');
  }

  #record(start: number): Span {
    const bytes = this.#bytes;
    const { delimiter, quote } = this.#dialect;
    const fields: Field[] = [];
    let reason: QuarantineReason | undefined;
    for (let at = start; ; at++) {
      let quoted: string | undefined;
      const first = at;
      if (quote !== undefined && bytes[at] === quote) {
        const closed = this.#quoted(at, start);
        if (closed === undefined) {
          const end = this.nextLineEnd(at);
          if (end - start > this.#maxBytes) return this.#tooLong(start);
          return this.#span('record', start, end, fields, reason ?? 'unclosed-quote');
        }
        quoted = closed.text;
        at = closed.at;
        const isEnd = at === bytes.length || bytes[at] === delimiter || this.lineEnd(at) > 0;
        if (!isEnd) reason ??= 'text-after-quote';
      }
      while (at < bytes.length && bytes[at] !== delimiter && this.lineEnd(at) === 0) at++;
      if (at - start > this.#maxBytes) return this.#tooLong(start);
      fields.push({ text: quoted ?? bytes.slice(first, at), quoted: quoted !== undefined });
      if (bytes[at] !== delimiter) return this.#span('record', start, at, fields, reason);
    }
  }

  /** The text of the quoted field at `open` and the place behind it; undefined where it does not end in time. */
  #quoted(open: number, start: number): { text: string; at: number } | undefined {
    const bytes = this.#bytes;
    const { quote, escape } = this.#dialect;
    let text = '';
    for (let at = open + 1; at < bytes.length && at - start <= this.#maxBytes; at++) {
      const [byte = '', next = ''] = [bytes[at], bytes[at + 1]];
      if (escape === 'double' && byte === quote && next === quote) {
        text += quote;
        at++;
      } else if (escape === 'backslash' && byte === '\\' && (next === quote || next === '\\')) {
        text += next;
        at++;
      } else if (byte === quote) return { text, at: at + 1 };
      else text += byte;
    }
    return undefined;
  }
}

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString();

type Judged = { readonly row: CellValue[] } | { readonly reason: QuarantineReason };

/** What must come of the fields of a sound record, and which names drifted. */
function judge(
  fields: readonly Field[],
  names: readonly string[],
  { columns, drift, fit, nulls, short }: CsvReaderOptions,
): { judged: Judged; drifted: string[] } {
  const drifted: string[] = [];
  if (fields.length > names.length) return { judged: { reason: 'too-many-fields' }, drifted };
  if (fields.length < names.length && short === 'quarantine')
    return { judged: { reason: 'too-few-fields' }, drifted };
  const known = drift === 'rest' ? columns.slice(0, -1) : columns;
  const values = new Map<string, CellValue>();
  const rest: string[] = [];
  for (const [index, { text: latin1, quoted }] of fields.entries()) {
    const name = names[index] ?? '';
    const text = utf8(latin1);
    if (!quoted && nulls.includes(text)) continue;
    const column = known.find((candidate) => candidate.name === name);
    const value = column ? fitText(text, column, fit) : undefined;
    if (value !== undefined) values.set(name, value);
    else {
      drifted.push(name);
      rest.push(`${JSON.stringify(name)}:${JSON.stringify(text)}`);
    }
  }
  if (drift === 'fail' && rest.length > 0) return { judged: { reason: 'drift' }, drifted };
  const row = known.map(({ name }) => values.get(name) ?? null);
  if (drift === 'rest') row.push(rest.length > 0 ? `{${rest.join()}}` : null);
  return { judged: { row }, drifted };
}

export type Expected = Pick<CsvResult, 'rows' | 'counts' | 'drift'> & {
  bad: Omit<CsvResult['bad'][number], 'detail'>[];
};

/** The spans that an input is made of, a byte order mark left out. */
export function spansOf(bytes: Uint8Array, from: number, options: CsvReaderOptions): Span[] {
  const splitter = new Splitter(
    Buffer.from(bytes).toString('latin1'),
    options.dialect,
    options.maxRecordBytes,
  );
  const spans: Span[] = [];
  for (let at = from; at < bytes.length; at = spans.at(-1)?.next ?? bytes.length) spans.push(splitter.at(at));
  return spans;
}

/** What must come of one input; 'refused' where its header cannot be read. */
export function expectedCsv(
  options: CsvReaderOptions,
  bytes: Uint8Array,
  offset = 0,
  { fields, linesBefore = 0 }: CsvInput = {},
): Expected | 'refused' {
  const bom = offset === 0 && Buffer.from(bytes.subarray(0, 3)).toString('hex') === 'efbbbf' ? 1 : 0;
  const { dialect, maxRecordBytes } = options;
  const splitter = new Splitter(Buffer.from(bytes).toString('latin1'), dialect, maxRecordBytes);
  const counts = { lines: 0, records: 0, rows: 0, bad: 0, blank: 0, bom, header: 0, comments: 0 };
  const rows: CellValue[][] = [];
  const bad: Expected['bad'] = [];
  const drifts = new Map<string, number>();
  let awaitsHeader = dialect.header && offset === 0;
  let names = fields ?? options.columns.map(({ name }) => name);
  if (!fields && options.drift === 'rest') names = names.slice(0, -1);
  for (const span of spansOf(bytes, bom * 3, options)) {
    const line = linesBefore + counts.lines + 1;
    counts.lines += splitter.linesIn(span.start, span.end) + 1;
    if (span.is === 'blank') counts.blank++;
    if (span.is === 'comment') counts.comments++;
    if (span.is !== 'record') continue;
    const record = bytes.subarray(span.start, span.end);
    const isLong = span.reason === 'record-too-long';
    const reason = isLong || isUtf8(record) ? span.reason : 'invalid-utf8';
    if (awaitsHeader) {
      if (reason !== undefined) return 'refused';
      names = fields ?? span.fields.map(({ text }) => utf8(text));
      if (new Set(names).size < names.length) return 'refused';
      awaitsHeader = false;
      counts.header++;
      continue;
    }
    const { judged, drifted } = reason
      ? { judged: { reason }, drifted: [] }
      : judge(span.fields, names, options);
    for (const name of drifted) drifts.set(name, (drifts.get(name) ?? 0) + 1);
    if ('row' in judged) rows.push(judged.row);
    else
      bad.push({
        offset: offset + span.start,
        line,
        reason: judged.reason,
        raw: Uint8Array.from(record.subarray(0, 1024 * 1024)),
        rawLength: record.length,
        sha256: createHash('sha256').update(record).digest('hex'),
      });
  }
  counts.rows = rows.length;
  counts.bad = bad.length;
  counts.records = counts.rows + counts.bad;
  const drift = Array.from(drifts, ([key, records]) => ({ key, types: ['string'], records }));
  drift.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  return { rows, bad, counts, drift };
}
