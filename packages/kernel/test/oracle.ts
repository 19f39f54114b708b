/**
 * What must come of an input, said as plainly as possible and with nothing of the product but its types: a recursive
 * parser over strings, BigInt decimals, no JSON.parse.
 */
import type { CellValue } from '../src/batch-rows.ts';
import type { Column, DriftPolicy, ValueType } from '../src/column.ts';
import type { QuarantineReason } from '../src/reasons.ts';
import { decimal, fitted } from './oracle-fitted.ts';
import { Fault, Parser, refuseAgain, type Member, type Value } from './oracle-parser.ts';

export type Outcome =
  | { readonly is: 'blank' }
  | { readonly is: 'row'; readonly values: CellValue[] }
  | { readonly is: 'bad'; readonly reason: QuarantineReason };

export interface Schema {
  /** Without `_rest`. */
  readonly columns: readonly Column[];
  readonly drift: DriftPolicy;
  readonly maxRecordBytes: number;
}

function isSameDecimal(a: string, b: string): boolean {
  const [x, xPower] = decimal(a);
  const [y, yPower] = decimal(b);
  if (x === 0n || y === 0n) return x === y;
  const distance = xPower - yPower;
  if (distance > 5000n || distance < -5000n) return false;
  return distance > 0n ? x * 10n ** distance === y : x === y * 10n ** -distance;
}

/** The exact value of a double that is a whole number, from its bits. */
function wholeValue(value: number): bigint {
  const bits = new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
  const power = ((bits >> 52n) & 0x7ffn) - 1075n;
  const mantissa = (bits & 0xfffffffffffffn) | 0x10000000000000n;
  if (value === 0) return 0n;
  const size = power < 0n ? mantissa >> -power : mantissa << power;
  return value < 0 ? -size : size;
}

export function toDouble(numeral: string): number | undefined {
  const value = Number(numeral);
  if (Math.abs(value) === Infinity) return undefined;
  if (!/[.eE]/.test(numeral) && wholeValue(value) !== BigInt(numeral)) return undefined;
  return isSameDecimal(numeral, String(value)) ? value : undefined;
}

const FITTED: ReadonlySet<string> = new Set(['decimal', 'date', 'timestamp', 'datetime']);

/** The column's value; undefined where it does not fit. */
function fit(value: Value, column: ValueType): CellValue | undefined {
  const { type } = column;
  if (value.type === 'null') return null;
  if (type === 'list') return value.type === 'array' ? [] : undefined;
  if (type === 'struct' || type === 'map') return value.type === 'object' ? [] : undefined;
  if (type === 'json') return value.raw;
  if (type === 'text') return value.type === 'string' ? value.text : undefined;
  if (type === 'boolean') return value.type === 'boolean' ? value.raw === 'true' : undefined;
  if (FITTED.has(type)) return fitted(column, value);
  if (value.type !== 'number') return undefined;
  if (type === 'double') return toDouble(value.raw);
  if (/[.eE]/.test(value.raw) || value.raw === '-0') return undefined;
  const integer = BigInt(value.raw);
  return integer >= -(2n ** 63n) && integer < 2n ** 63n ? integer : undefined;
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Fault('invalid-utf8');
  }
}

/** What did not fit: under which name it stands in `_rest` (as JSON text), its value, and how it is counted. */
interface Misfit {
  readonly written: string;
  readonly value: Value;
  readonly counted: string;
}

/** A step of a path; `free`: an index, or a map's key. */
type Step = { readonly name: string; readonly free: boolean };

function pointer(steps: readonly Step[], pattern: boolean): string {
  const names = steps.map(({ name, free }) => (pattern && free ? '*' : name));
  return names.map((name) => `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function asJsonString(text: string): string {
  const characters = Array.from(text, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    return character < ' ' ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : character;
  });
  return `"${characters.join('')}"`;
}

/** The value as its column has it; what does not fit at `path` or below is null and goes to `misfits`, in order. */
function place(value: Value, type: ValueType, path: readonly Step[], misfits: Misfit[]): CellValue {
  const fitting = fit(value, type);
  if (fitting === undefined) {
    misfits.push({ written: asJsonString(pointer(path, false)), value, counted: pointer(path, true) });
    return null;
  }
  if (fitting === null) return null;
  if (type.type === 'list')
    return (value.elements ?? []).map((element, index) =>
      place(element, type.element, [...path, { name: String(index), free: true }], misfits),
    );
  if (type.type === 'map')
    return (value.members ?? []).map(({ key, value: mapped }) => [
      key.text,
      place(mapped, type.value, [...path, { name: key.text, free: true }], misfits),
    ]);
  if (type.type !== 'struct') return fitting;
  const fields = new Map<string, CellValue>();
  for (const { key, value: inner } of value.members ?? []) {
    const step = [...path, { name: key.text, free: false }];
    const field = type.fields.find(({ name }) => name === key.text);
    if (field) fields.set(key.text, place(inner, field, step, misfits));
    else
      misfits.push({
        written: asJsonString(pointer(step, false)),
        value: inner,
        counted: pointer(step, true),
      });
  }
  return type.fields.map(({ name }) => fields.get(name) ?? null);
}

/** A member of the record: a misfit has its key as written, unless that would look like a pointer. */
function placeMember({ key, value }: Member, column: Column | undefined, misfits: Misfit[]): CellValue {
  const path = [{ name: key.text, free: false }];
  if (column && fit(value, column) !== undefined) return place(value, column, path, misfits);
  const asPointer = key.text.startsWith('/');
  const written = asPointer ? asJsonString(pointer(path, false)) : key.raw;
  misfits.push({ written, value, counted: asPointer ? pointer(path, true) : key.text });
  return null;
}

export interface DriftedKey {
  readonly key: string;
  readonly type: string;
}

/** The members of the record on a line; undefined where it is blank. */
function readMembers(
  line: Uint8Array,
  isKnown: (key: string, value: Value) => boolean,
): Member[] | undefined {
  const parser = new Parser(decodeUtf8(line));
  parser.space();
  if (parser.at === parser.text.length) return undefined;
  if (parser.peek() !== '{') parser.fault('not-an-object');
  const members: Member[] = [];
  let unknown = 0;
  const seen = refuseAgain();
  parser.list('}', () => {
    const member = parser.member(seen);
    members.push(member);
    if (!isKnown(member.key.text, member.value) && ++unknown > 65_536) throw new Fault('too-many-keys');
  });
  parser.space();
  if (parser.at < parser.text.length) parser.fault('trailing-content');
  return members;
}

/** What must come of one line (without its line feed), and the keys that drifted in it. */
export function judge(line: Uint8Array, schema: Schema): { outcome: Outcome; drifted: DriftedKey[] } {
  const { columns, drift, maxRecordBytes } = schema;
  const drifted: DriftedKey[] = [];
  try {
    if (line.length > maxRecordBytes) throw new Fault('record-too-long');
    const columnOf = (key: string): Column | undefined => columns.find(({ name }) => name === key);
    const fits = (key: string, value: Value): boolean => {
      const column = columnOf(key);
      return column !== undefined && fit(value, column) !== undefined;
    };
    const members = readMembers(line, fits);
    if (members === undefined) return { outcome: { is: 'blank' }, drifted };
    const misfits: Misfit[] = [];
    const placed = new Map<string, CellValue>();
    for (const member of members)
      placed.set(member.key.text, placeMember(member, columnOf(member.key.text), misfits));
    for (const { counted, value } of misfits) drifted.push({ key: counted, type: value.type });
    if (drift === 'fail' && misfits.length > 0) throw new Fault('drift');
    const values = columns.map(({ name }) => placed.get(name) ?? null);
    const rest = misfits.map(({ written, value }) => `${written}:${value.raw}`);
    if (drift === 'rest') values.push(rest.length > 0 ? `{${rest.join(',')}}` : null);
    return { outcome: { is: 'row', values }, drifted };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { outcome: { is: 'bad', reason: error.reason }, drifted };
  }
}
