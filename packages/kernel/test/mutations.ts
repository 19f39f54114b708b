import type { Column, ValueType } from '../src/column.ts';
import { spelling } from './spellings.ts';

/** Numbers from 0 to 1, the same in every run (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const COLUMNS: readonly Column[] = [
  { name: 't', type: 'text' },
  { name: 'i', type: 'int64' },
  { name: 'd', type: 'double' },
  { name: 'b', type: 'boolean' },
  { name: 'j', type: 'json' },
  { name: 'a_key_longer_than_16_bytes', type: 'text' },
  { name: 'k16_bytes_quoted', type: 'int64' },
  { name: 'é', type: 'text' },
  { name: 'a"b', type: 'double' },
  { name: '', type: 'boolean' },
  { name: 'm', type: 'decimal', precision: 10, scale: 2 },
  { name: 'money', type: 'decimal', precision: 38, scale: 10 },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
  { name: 'local', type: 'datetime' },
];

const POINT: ValueType = {
  type: 'struct',
  fields: [
    { name: 'x', type: 'double' },
    { name: 'y', type: 'int64' },
    { name: 'a/b~"c', type: 'boolean' },
    { name: 'a name longer than 16 bytes', type: 'text' },
  ],
};

const FITTED: ValueType = {
  type: 'struct',
  fields: [
    { name: 'm', type: 'decimal', precision: 10, scale: 2 },
    { name: 'day', type: 'date' },
    { name: 'at', type: 'timestamp' },
    { name: 'local', type: 'datetime' },
    { name: 'flags', type: 'list', element: { type: 'boolean' } },
  ],
};

export const NESTED_COLUMNS: readonly Column[] = [
  { name: 's', ...POINT },
  { name: 'i', type: 'int64' },
  { name: 'l', type: 'list', element: { type: 'int64' } },
  { name: 'm', type: 'map', value: { type: 'text' } },
  { name: 'fitted', ...FITTED },
  { name: 'dates', type: 'list', element: { type: 'date' } },
  {
    name: 'prices',
    type: 'map',
    value: { type: 'list', element: { type: 'decimal', precision: 30, scale: 5 } },
  },
  { name: '/p', type: 'list', element: { type: 'list', element: POINT } },
  {
    name: 'deep',
    type: 'struct',
    fields: [
      { name: 'm', type: 'map', value: { type: 'list', element: POINT } },
      {
        name: 's',
        type: 'struct',
        fields: [
          { name: 'j', type: 'json' },
          { name: 's', ...POINT },
        ],
      },
      { name: 't', type: 'text' },
      { name: 'money', type: 'decimal', precision: 10, scale: 2 },
      { name: 'wide', type: 'list', element: { type: 'decimal', precision: 38, scale: 20 } },
      { name: 'day', type: 'date' },
      { name: 'at', type: 'map', value: { type: 'timestamp' } },
      { name: 'clock', type: 'list', element: { type: 'datetime' } },
    ],
  },
  { name: 't', type: 'text' },
];

const NUMERALS = (
  '0 -0 1 -1 7 1.5 1e3 1E-2 1.0 -0.0 0e999 123456789012345 1234567890123456 9007199254740992 9007199254740993 ' +
  '9007199254740994 1152921504606846976 1152921504606847000 9223372036854775807 9223372036854775808 ' +
  '-9223372036854775808 -9223372036854775809 18446744073709551616 99999999999999999999 0.1 1.10 0.30000000000000004 ' +
  '1e400 -1e-400 5e-324 4e-324 1e22 1e23 100000000000000000000000 10000000000000000000000 123456.789012 ' +
  '999999999999999e22 999999999999999e23 1e-22 1e-23 0.00000000000000000001 2.2250738585072011e-308 ' +
  '1.7976931348623157e308 1.7976931348623159e308 0.1234567890123456789 01 1. .5 - 1e +1 NaN 1e+ 1.e5'
).split(' ');
const TEXTS = [
  ...[
    'a',
    'bc',
    'def',
    'hello world ',
    '\\n',
    '\\"',
    '\\\\',
    '\\/',
    '\\u00e9',
    '\\ud83d\\ude02',
    'é',
    '日本',
  ],
  ...[
    '😂',
    '\\u0000',
    'x'.repeat(13),
    'y'.repeat(15),
    'z'.repeat(40),
    '&',
    '{',
    '}',
    '[',
    ',',
    ':',
    '\\u002C',
  ],
];
const RARE_TEXTS = [
  '\\ud83d',
  '\\ude02',
  '\\ud83d\\u0041',
  '\\x',
  '\\u12',
  '\t',
  '\u0001',
  '"',
  '\\',
  '\u007f',
];
const UNKNOWN_KEYS = [
  'new',
  'x1',
  'T',
  'i ',
  '_rest',
  'ii',
  '\\u006e\\u0065w',
  '*',
  'a_key_longer_than_16_byteZ',
];
const TOKENS = [
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '"',
  '\\',
  'null',
  'true',
  'e',
  '-',
  '0',
  '.',
  ' ',
  '\r',
  '"i":1,',
];
const BYTES = [
  [0xff],
  [0xed, 0xa0, 0x80],
  [0xc0, 0x80],
  [0xe2, 0x82],
  [0xf4, 0x90, 0x80, 0x80],
  [0],
  [0xef, 0xbb, 0xbf],
];

/** Lines, most of them good, from a source of random numbers. */
export class LineMaker {
  readonly #random: () => number;
  readonly #columns: readonly Column[];

  constructor(random: () => number, columns: readonly Column[] = COLUMNS) {
    this.#random = random;
    this.#columns = columns;
  }

  below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #oneIn(n: number): boolean {
    return this.below(n) === 0;
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }

  #space(): string {
    return this.#oneIn(12) ? this.#pick([' ', '\t', '  ', '\r', ' \t']) : '';
  }

  #digits(count: number): string {
    return Array.from({ length: count }, () => this.below(10)).join('');
  }

  #number(): string {
    if (this.#oneIn(2)) return this.#pick(NUMERALS);
    if (this.#oneIn(2)) return String(this.#double());
    const whole = `${this.#pick(['', '-'])}${1 + this.below(9)}${this.#digits(this.below(22))}`;
    const fraction = this.#oneIn(2) ? `.${this.#digits(1 + this.below(18))}` : '';
    return `${whole}${fraction}${this.#oneIn(4) ? `e${this.below(60) - 30}` : ''}`;
  }

  /** Any finite double: bits at random. */
  #double(): number {
    const bits = Uint32Array.of(this.below(2 ** 32), this.below(2 ** 32));
    const value = new Float64Array(bits.buffer)[0]!;
    return Number.isFinite(value) ? value : 0;
  }

  #string(): string {
    const parts = Array.from({ length: this.below(5) }, () =>
      this.#oneIn(80) ? this.#pick(RARE_TEXTS) : this.#pick(TEXTS),
    );
    return `"${parts.join('')}"`;
  }

  #list(open: string, close: string, element: () => string): string {
    const elements = Array.from({ length: this.below(4) }, element);
    return open + this.#space() + elements.join(`${this.#space()},${this.#space()}`) + this.#space() + close;
  }

  #member(key: string, value: string): string {
    return `${key}${this.#space()}:${this.#space()}${value}`;
  }

  #value(depth = 0): string {
    const choice = this.below(12);
    if (choice < 4) return this.#number();
    if (choice < 7) return this.#string();
    if (choice < 9) return this.#pick(['true', 'false', 'null', 'null', 'tru', 'nulll', 'True']);
    if (depth > 3) return '1';
    if (choice < 10) return this.#list('[', ']', () => this.#value(depth + 1));
    const key = (): string =>
      this.#oneIn(2) ? this.#string() : this.#key('abcdefghijklmnop'[this.below(16)]!);
    return this.#list('{', '}', () => this.#member(key(), this.#value(depth + 1)));
  }

  #inside(type: ValueType): string {
    if (this.#oneIn(15)) return this.#value(2);
    return this.#oneIn(12) ? 'null' : this.#fitting(type);
  }

  /** An object of these keys; each comes once. */
  #object(keys: readonly string[], valueOf: (key: string) => string): string {
    const members = keys.map((key) => this.#member(this.#key(key), valueOf(key)));
    if (this.#oneIn(5)) members.sort(() => this.#random() - 0.5);
    return `{${this.#space()}${members.join(`${this.#space()},${this.#space()}`)}${this.#space()}}`;
  }

  #fitting(column: ValueType): string {
    switch (column.type) {
      case 'struct': {
        const fields = column.fields.filter(() => this.below(4) > 0);
        const unknown = this.#oneIn(6) ? [this.#pick(['new', 'n/w~', '\n"', 'x ', 'é'])] : [];
        const typeOf = (key: string): ValueType | undefined => fields.find(({ name }) => name === key);
        return this.#object([...fields.map(({ name }) => name), ...unknown], (key) =>
          this.#inside(typeOf(key) ?? { type: 'json' }),
        );
      }
      case 'list':
        return this.#list('[', ']', () => this.#inside(column.element));
      case 'map': {
        const keys = ['a', 'b/c', 'a"b', '', 'key é'].filter(() => this.#oneIn(2));
        return this.#object(keys, () => this.#inside(column.value));
      }
      case 'text':
        return this.#string();
      case 'int64':
        return String(this.below(2 ** 32) - 2 ** 31);
      case 'double':
        return this.#oneIn(3) ? String(this.#double()) : String(this.below(1e6) / 1000);
      case 'boolean':
        return this.#pick(['true', 'false']);
      default:
        return spelling((limit) => this.below(limit), column) ?? this.#value(2);
    }
  }

  #key(name: string): string {
    if (!this.#oneIn(25)) return JSON.stringify(name);
    const unit = (at: number): string => `\\u${name.charCodeAt(at).toString(16).padStart(4, '0')}`;
    const units = Array.from({ length: name.length }, (_, at) => unit(at));
    return `"${units.join('')}"`;
  }

  #columnMember(column: Column): string {
    let value = this.#fitting(column);
    if (this.#oneIn(12)) value = this.#value();
    else if (this.#oneIn(15)) value = 'null';
    return this.#member(this.#key(column.name), value);
  }

  #record(): string {
    const members = this.#columns.filter(() => this.below(5) > 0).map((column) => this.#columnMember(column));
    if (this.#oneIn(4)) members.sort(() => this.#random() - 0.5);
    while (this.#oneIn(4)) {
      const key = this.#oneIn(10)
        ? this.#key(this.#pick(this.#columns).name)
        : `"${this.#pick(UNKNOWN_KEYS)}"`;
      members.splice(this.below(members.length + 1), 0, this.#member(key, this.#value()));
    }
    const separator = `${this.#space()},${this.#space()}`;
    return `${this.#space()}{${this.#space()}${members.join(separator)}${this.#space()}}${this.#space()}`;
  }

  /** One line without a line feed. */
  line(): Buffer {
    const record = Buffer.from(this.#record());
    const at = this.below(record.length + 1);
    switch (this.below(40)) {
      case 0:
        return record.subarray(0, at);
      case 1:
        return Buffer.concat([record.subarray(0, at), Buffer.from(this.#pick(TOKENS)), record.subarray(at)]);
      case 2:
        return Buffer.concat([record.subarray(0, at), record.subarray(at + 1 + this.below(8))]);
      case 3:
        return Buffer.concat([record.subarray(0, at), Buffer.from(this.#pick(BYTES)), record.subarray(at)]);
      case 4:
        return Buffer.from(
          this.#pick(['', '  ', '\r', 'null', '[1]', '12', '"a"', '{}', '{}x', '{},', '\ufeff{}']),
        );
      case 5:
        if (this.#oneIn(4) && at < record.length) record[at] = this.below(256);
        return Buffer.from(record.filter((byte) => byte !== 10));
      default:
        return record;
    }
  }

  /** Some lines; the last one may lack its line feed. */
  input(lines: number): Buffer {
    const parts = Array.from({ length: lines }, () => Buffer.concat([this.line(), Buffer.from('\n')]));
    const bytes = Buffer.concat(parts);
    return this.#oneIn(3) ? bytes.subarray(0, -1) : bytes;
  }
}
