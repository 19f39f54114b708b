// The proleptic Gregorian calendar, years 0001 to 9999, and the spellings of its days and moments.

const DASH: u32 = 0x2d;
const SLASH: u32 = 0x2f;
const COLON: u32 = 0x3a;
const SPACE: u32 = 0x20;
const PLUS: u32 = 0x2b;
const POINT: u32 = 0x2e;
const LETTER_T: u32 = 0x54;
const LETTER_Z: u32 = 0x5a;

/** 0001-01-01 and 9999-12-31, as days since 1970-01-01. */
const FIRST_DAY: i64 = -719_162;
const LAST_DAY: i64 = 2_932_896;
const DAY_MICROS: i64 = 86_400_000_000;
const MINUTE_MICROS: i64 = 60_000_000;

/** "Not in the calendar": beyond all days, moments and zones. */
const NONE: i64 = i64.MIN_VALUE;

/** Days since 1970-01-01 or microseconds since its midnight, where the last text was one. */
export let calendarValue: i64 = 0;

// @ts-ignore: decorator
@inline
function digitAt(p: usize): u32 {
  return <u32>load<u8>(p) - 0x30;
}

/** The number that two digits write; above 99 where one of them is none. */
// @ts-ignore: decorator
@inline
function twoDigits(p: usize): u32 {
  const tens = digitAt(p);
  const ones = digitAt(p + 1);
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}

function daysInMonth(year: u32, month: u32): u32 {
  if (month != 2) return 30 + ((month + (month >> 3)) & 1);
  const isLeap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  return isLeap ? 29 : 28;
}

/** The day that the ten bytes at `p` write. Years are counted from March, so that a leap day is the last one of its. */
function dayAt(p: usize, separator: u32): i64 {
  if (load<u8>(p, 4) != separator || load<u8>(p, 7) != separator) return NONE;
  const century = twoDigits(p);
  const yearOfCentury = twoDigits(p + 2);
  const month = twoDigits(p + 5);
  const day = twoDigits(p + 8);
  if (century > 99 || yearOfCentury > 99 || month > 12) return NONE;
  const year = century * 100 + yearOfCentury;
  if (!year || !month || !day || day > daysInMonth(year, month)) return NONE;
  const march = month > 2 ? month - 3 : month + 9;
  const y: u32 = month > 2 ? year : year - 1;
  const leapDays = y / 4 - y / 100 + y / 400;
  return <i64>(y * 365 + leapDays + (153 * march + 2) / 5 + day - 1) - 719_468;
}

/** Microseconds since midnight of `hh:mm:ss` at `p`. */
function timeAt(p: usize): i64 {
  if (load<u8>(p, 2) != COLON || load<u8>(p, 5) != COLON) return NONE;
  const hour = twoDigits(p);
  const minute = twoDigits(p + 3);
  const second = twoDigits(p + 6);
  if (hour > 23 || minute > 59 || second > 59) return NONE;
  return <i64>(hour * 3600 + minute * 60 + second) * 1_000_000;
}

/** Behind the digits that `fractionAt` read. */
let fractionEnd: usize = 0;

/** Microseconds of one to nine digits; what is smaller than one must be zeros. */
function fractionAt(p: usize, end: usize): i64 {
  let micros: u32 = 0;
  let count: u32 = 0;
  while (p < end && digitAt(p) <= 9) {
    const digit = digitAt(p);
    if (count < 6) micros = micros * 10 + digit;
    else if (digit || count == 9) return NONE;
    count++;
    p++;
  }
  if (!count) return NONE;
  while (count < 6) {
    micros *= 10;
    count++;
  }
  fractionEnd = p;
  return micros;
}

/** Minutes before UTC of the zone that fills [p, end): `Z`, `±hh`, `±hhmm` or `±hh:mm`. */
function zoneAt(p: usize, end: usize): i64 {
  const length = <u32>(end - p);
  const sign: u32 = load<u8>(p);
  if (sign == LETTER_Z) return length == 1 ? 0 : NONE;
  if (sign != PLUS && sign != DASH) return NONE;
  if (length != 3 && length != 5 && (length != 6 || load<u8>(p, 3) != COLON)) return NONE;
  const hours = twoDigits(p + 1);
  const minutes: u32 = length == 3 ? 0 : twoDigits(end - 2);
  if (hours > 23 || minutes > 59) return NONE;
  const offset = <i64>(hours * 60 + minutes);
  return sign == PLUS ? offset : -offset;
}

/** Whether the text is a day, `YYYY-MM-DD`; then `calendarValue` is its number. */
export function isDay(start: usize, length: u32): bool {
  if (length != 10) return false;
  calendarValue = dayAt(start, DASH);
  return calendarValue != NONE;
}

/**
 * Whether the text is `YYYY-MM-DD[T ]hh:mm:ss[.f{1,9}]` or `YYYY/MM/DD hh:mm:ss`, and behind it, if `zoned`, a zone:
 * `[ ](Z|±hh:mm|±hhmm|±hh)`, with slashes ` ±hhmm`. Then `calendarValue` is the moment, in UTC within the calendar.
 */
export function isMoment(start: usize, length: u32, zoned: bool): bool {
  if (length < 19) return false;
  const slashed = load<u8>(start, 4) == SLASH;
  const days = dayAt(start, slashed ? SLASH : DASH);
  const time = timeAt(start + 11);
  if (days == NONE || time == NONE) return false;
  const between: u32 = load<u8>(start, 10);
  if (between != SPACE && (slashed || between != LETTER_T)) return false;
  const end = start + length;
  let p = start + 19;
  let fraction: i64 = 0;
  if (!slashed && p < end && load<u8>(p) == POINT) {
    fraction = fractionAt(p + 1, end);
    if (fraction == NONE) return false;
    p = fractionEnd;
  }
  calendarValue = days * DAY_MICROS + time + fraction;
  if (!zoned) return p == end;
  if (slashed && (end - p != 6 || load<u8>(p) != SPACE)) return false;
  if (p < end && load<u8>(p) == SPACE) p++;
  if (p == end) return false;
  const offset = zoneAt(p, end);
  if (offset == NONE || (slashed && end - p != 5)) return false;
  calendarValue -= offset * MINUTE_MICROS;
  return calendarValue >= FIRST_DAY * DAY_MICROS && calendarValue < (LAST_DAY + 1) * DAY_MICROS;
}
