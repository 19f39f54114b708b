import { Al3Reader, type Al3Event, type Al3ReaderOptions } from '../../src/al3/al3-reader.ts';
import { STARTER_DICTIONARY } from '../../src/al3/dictionary/starter.ts';
import { documentText } from '../../src/al3/document-text.ts';
import type { JsonOptions } from '../../src/al3/tree-json.ts';

/** Texts by their first column. */
export type Columns = Readonly<Record<number, string>>;

/** A group of this length that is `fill` wherever the columns say nothing. */
export function group(name: string, length: number, columns: Columns, fill = ' '): string {
  const header = /^[1-4]/.test(name) ? 10 : 30;
  const start = (name + String(length).padStart(3, '0')).padEnd(header);
  const bytes = Buffer.from(start.padEnd(length, fill), 'latin1');
  for (const [column, text] of Object.entries(columns)) bytes.write(text, Number(column) - 1, 'latin1');
  return bytes.toString('latin1');
}

/** A data group: `place` is its level and iteration, `parent` the name, level and iteration of another. */
export const dataGroup = (
  name: string,
  length: number,
  [place, parent = '']: readonly [string, string?],
  columns: Columns = {},
): string => group(name, length, { 9: '1', 11: place, 17: parent, ...columns }, '?');

export const HEADER = group('1MHG', 196, { 9: '7', 11: 'SENDER', 98: '1' });
export const TRANSACTION = group('2TRG', 212, { 9: '7', 205: '20260201' });
export const trailer = (total: number): string =>
  group('3MTG', 240, { 9: '1', 11: String(total).padStart(8, '0') });

export const INSURED = dataGroup('5BIS', 172, ['B10001'], { 31: 'CACME FARMS'.padEnd(60) });
export const POLICY = dataGroup('5BPI', 285, ['F10001', '5BISB10001'], { 31: 'POL-1'.padEnd(25) });
export const LOCATION = dataGroup('5LAG', 168, ['L10001', '5BPIF10001'], { 31: '0001' });
export const VEHICLE = dataGroup('5VEH', 251, ['R10001', '5LAGL10001'], { 43: 'MAKER'.padEnd(20) });

/** A whole message with one transaction. */
export const MESSAGE = [HEADER, TRANSACTION, INSURED, POLICY, LOCATION, VEHICLE, trailer(7)];

export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

/** What is read of an input that comes in these pieces. */
export function eventsOf(
  input: string | Uint8Array | readonly Uint8Array[],
  options: Al3ReaderOptions = {},
): Al3Event[] {
  const reader = new Al3Reader(options);
  const pieces = typeof input === 'string' ? [bytesOf(input)] : input instanceof Uint8Array ? [input] : input;
  for (const piece of pieces) reader.push(piece);
  reader.end();
  return reader.take();
}

/** Everything that the reader itself tells, as `code@offset`. */
export const told = (events: readonly Al3Event[]): string[] =>
  events.flatMap((event) => {
    const diagnostics =
      event.kind === 'diagnostic'
        ? [event.diagnostic]
        : event.kind === 'transaction'
          ? event.transaction.diagnostics
          : [];
    return diagnostics.map(({ code, offset }) => `${code}@${offset}`);
  });

export const JSON_OPTIONS: JsonOptions = {
  dictionary: STARTER_DICTIONARY,
  pivot: 50,
  decimals: 'number',
  raw: false,
  shape: 'tree',
};

/** A node of a document, as a reader of the JSON sees it. */
export interface JsonNode {
  readonly group: string | null;
  readonly offset: number;
  readonly elements?: Readonly<Record<string, unknown>>;
  readonly children?: readonly JsonNode[];
  readonly [member: string]: unknown;
}

export interface ParsedDocument {
  readonly messages: readonly (JsonNode & {
    readonly transactions: readonly JsonNode[];
    readonly trailer: JsonNode | null;
  })[];
  readonly diagnostics: readonly {
    readonly code: string;
    readonly offset: number;
    readonly message: string;
  }[];
  readonly outside?: readonly JsonNode[];
}

export async function documentOf(
  input: string | Uint8Array,
  options: Partial<JsonOptions> = {},
): Promise<ParsedDocument> {
  return JSON.parse(await textOf(input, options)) as ParsedDocument;
}

export async function textOf(
  input: string | Uint8Array,
  options: Partial<JsonOptions> = {},
): Promise<string> {
  const bytes = typeof input === 'string' ? bytesOf(input) : input;
  let text = '';
  for await (const piece of documentText([bytes], { ...JSON_OPTIONS, ...options })) text += piece;
  return text;
}
