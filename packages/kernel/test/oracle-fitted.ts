/** What the oracle says of decimals, dates and moments: regular expressions, BigInt, and days counted year by year. */
import type { ValueType } from '../src/column.ts';

/** A decimal as an integer and a power of ten. */
export function decimal(numeral: string): [bigint, bigint] {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([-+]?)(\d+))?$/.exec(numeral);
  const [, sign = '', whole = '', fraction = '', exponentSign = '', exponent = '0'] = match ?? [];
  const power = BigInt(exponent) * (exponentSign === '-' ? -1n : 1n) - BigInt(fraction.length);
  return [BigInt(whole + fraction) * (sign === '-' ? -1n : 1n), power];
}

const PLAIN_DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/;

/** The unscaled value; undefined where it has too many digits. */
function toDecimal(numeral: string, precision: number, scale: number): bigint | undefined {
  const [digits, power] = decimal(numeral);
  if (digits === 0n) return 0n;
  const shift = power + BigInt(scale);
  if (shift > 100n || shift < -100_000n) return undefined;
  const divisor = shift < 0n ? 10n ** -shift : 1n;
  if (digits % divisor !== 0n) return undefined;
  const unscaled = shift < 0n ? digits / divisor : digits * 10n ** shift;
  const limit = 10n ** BigInt(precision);
  return unscaled < limit && unscaled > -limit ? unscaled : undefined;
}

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const yearsStart: number[] = [0];
for (let year = 0; year < 10_000; year++)
  yearsStart.push((yearsStart[year] ?? 0) + (isLeap(year) ? 366 : 365));

/** Days since 1970-01-01; undefined where there is no such day. */
function toDay(year: number, month: number, day: number): number | undefined {
  const months = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  if (year < 1 || year > 9999 || month < 1 || month > 12) return undefined;
  if (day < 1 || day > (months[month - 1] ?? 0)) return undefined;
  const before = months.slice(0, month - 1).reduce((sum, days) => sum + days, 0);
  return (yearsStart[year] ?? 0) - (yearsStart[1970] ?? 0) + before + day - 1;
}

function toDate(text: string): number | undefined {
  const parts = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  return parts ? toDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) : undefined;
}

const CLOCK = '([0-9]{2}):([0-9]{2}):([0-9]{2})';
const DASHED = new RegExp(`^([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]${CLOCK}(?:\\.([0-9]{1,9}))?`);
const SLASHED = new RegExp(`^([0-9]{4})/([0-9]{2})/([0-9]{2}) ${CLOCK}()`);
const DASHED_ZONE = /^ ?(?:Z|([-+])([0-9]{2})(?::?([0-9]{2}))?)$/;
const SLASHED_ZONE = /^ ([-+])([0-9]{2})([0-9]{2})$/;
const DAY_MICROS = 86_400_000_000n;

/** Minutes ahead of UTC. */
function toOffset(zone: RegExpExecArray): bigint | undefined {
  const [, sign, hours = '0', minutes = '0'] = zone;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const offset = BigInt(hours) * 60n + BigInt(minutes);
  return sign === '-' ? -offset : offset;
}

/** Microseconds since 1970-01-01T00:00:00. */
function toMoment(text: string, zoned: boolean): bigint | undefined {
  const slashed = SLASHED.exec(text);
  const parts = slashed ?? DASHED.exec(text);
  if (!parts) return undefined;
  const [year = 0, month = 0, dayOfMonth = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(1, 7)
    .map(Number);
  const day = toDay(year, month, dayOfMonth);
  const fraction = (parts[7] ?? '').padEnd(9, '0');
  if (day === undefined || hour > 23 || minute > 59 || second > 59 || !fraction.endsWith('000'))
    return undefined;
  const clock = BigInt((hour * 60 + minute) * 60 + second) * 1_000_000n + BigInt(fraction.slice(0, 6));
  const local = BigInt(day) * DAY_MICROS + clock;
  const behind = text.slice(parts[0].length);
  if (!zoned) return behind === '' ? local : undefined;
  const zone = (slashed ? SLASHED_ZONE : DASHED_ZONE).exec(behind);
  const offset = zone ? toOffset(zone) : undefined;
  if (offset === undefined) return undefined;
  const moment = local - offset * 60_000_000n;
  const [first, last] = [toDay(1, 1, 1) ?? 0, toDay(9999, 12, 31) ?? 0];
  return moment >= BigInt(first) * DAY_MICROS && moment < BigInt(last + 1) * DAY_MICROS ? moment : undefined;
}

/** The value of a string (escapes resolved) or of a number as written; undefined where it does not fit. */
export function fitted(
  column: ValueType,
  { type, text, raw }: { readonly type: string; readonly text: string; readonly raw: string },
): bigint | number | undefined {
  if (column.type === 'decimal') {
    if (type === 'number') return toDecimal(raw, column.precision, column.scale);
    const isPlain = type === 'string' && PLAIN_DECIMAL.test(text);
    return isPlain ? toDecimal(text, column.precision, column.scale) : undefined;
  }
  if (type !== 'string') return undefined;
  return column.type === 'date' ? toDate(text) : toMoment(text, column.type === 'timestamp');
}
