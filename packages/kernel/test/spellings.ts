/** Texts that decimal, date, timestamp and datetime columns take, and texts that are nearly so. */
import type { ValueType } from '../src/column.ts';

/** An integer from 0 to `limit` - 1. */
type Below = (limit: number) => number;

const YEARS = '0000 0001 0004 1582 1600 1700 1900 1969 1970 1999 2000 2023 2024 2100 9996 9999'.split(' ');
const ZONES =
  'Z Z Z Z +00:00 -00:00 +01:00 -0330 +23:59 -23:59 +14 -12 +24:00 +05:60 z +1 +1:00 +010 UTC'.split(' ');
const NEARLY = ['0', ' ', '-', '+', ':', '.', '/', 'T', 'Z', 'e', '٣', ''];

const twoDigits = (value: number): string => String(value).padStart(2, '0');

function day(below: Below, separator: string): string {
  const year = below(3) > 0 ? String(1 + below(9999)).padStart(4, '0') : YEARS[below(YEARS.length)]!;
  const month = below(30) === 0 ? below(20) : 1 + below(12);
  return [year, twoDigits(month), twoDigits(below(30) === 0 ? below(40) : 1 + below(31))].join(separator);
}

function clock(below: Below): string {
  const limits = below(30) === 0 ? [26, 62, 62] : [24, 60, 60];
  return limits.map((limit) => twoDigits(below(limit))).join(':');
}

function fraction(below: Below): string {
  const digits = Array.from({ length: 1 + below(7) }, () => below(10)).join('');
  return below(2) > 0 ? '' : `.${digits}${'0'.repeat(below(4))}`;
}

function moment(below: Below, zoned: boolean): string {
  if (below(5) === 0) return `${day(below, '/')} ${clock(below)}${zoned ? ' +0130' : ''}`;
  const zone = (below(4) > 0 ? '' : ' ') + ZONES[below(ZONES.length)]!;
  return `${day(below, '-')}${below(3) > 0 ? 'T' : ' '}${clock(below)}${fraction(below)}${zoned ? zone : ''}`;
}

function digits(below: Below, count: number): string {
  return Array.from({ length: count }, () => below(10)).join('');
}

function decimal(below: Below, precision: number, scale: number): string {
  const whole = 1 + below(precision - scale + 1);
  const places = below(scale + 2);
  const first = whole > 1 ? String(1 + below(9)) : '';
  const zeros = '0'.repeat(below(4) === 0 ? below(50) : 0);
  const point = places > 0 ? `.${digits(below, places)}${zeros}` : '';
  return `${['', '-'][below(2)]}${first}${whole > 1 ? digits(below, whole - 1) : below(precision > scale ? 10 : 1)}${point}`;
}

/** Every character but some as an escape. */
function escaped(below: Below, text: string): string {
  const unit = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return Array.from(text, (character) => (below(2) > 0 ? unit(character) : character)).join('');
}

function mangled(below: Below, text: string): string {
  const at = below(text.length + 1);
  return text.slice(0, at) + NEARLY[below(NEARLY.length)]! + text.slice(at + below(2));
}

/** JSON text for a column of the type, mostly fitting; undefined for all other types. */
export function spelling(below: Below, type: ValueType): string | undefined {
  const plain = textFor(below, type);
  if (plain === undefined) return undefined;
  if (type.type === 'decimal' && below(2) > 0) {
    return below(4) > 0 ? plain : `${plain}${'eE'[below(2)]}${['', '+', '-'][below(3)]}${below(12)}`;
  }
  const text = below(8) === 0 ? mangled(below, plain) : plain;
  return `"${below(10) === 0 ? escaped(below, text) : text}"`;
}

function textFor(below: Below, type: ValueType): string | undefined {
  if (type.type === 'decimal') return decimal(below, type.precision, type.scale);
  if (type.type === 'date') return day(below, '-');
  if (type.type === 'timestamp') return moment(below, below(20) > 0);
  return type.type === 'datetime' ? moment(below, below(20) === 0) : undefined;
}
