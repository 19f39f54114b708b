// Days and moments, as ISO 8601 writes them.

import { putDigits, putTwo } from './integer';

const DAY: i64 = 86_400_000_000;
const DASH: u8 = 0x2d;
const COLON: u8 = 0x3a;

/** `YYYY-MM-DD`: 10 bytes. From days since 1970-01-01; years 0001 to 9999. */
export function putDate(to: usize, days: i32): usize {
  // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days: years begin in March.
  const shifted = days + 719468;
  const era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
  const dayOfEra = <u32>(shifted - era * 146097);
  const yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  const dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const marchMonth = (5 * dayOfYear + 2) / 153;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + u32(month <= 2);
  putTwo(to, year / 100);
  putTwo(to + 2, year % 100);
  store<u8>(to, DASH, 4);
  putTwo(to + 5, month);
  store<u8>(to, DASH, 7);
  putTwo(to + 8, dayOfYear - (153 * marchMonth + 2) / 5 + 1);
  return to + 10;
}

/** `YYYY-MM-DDThh:mm:ss`, with as many places as it needs: at most 26 bytes. From microseconds since 1970. */
export function putDatetime(to: usize, micros: i64): usize {
  let days = micros / DAY;
  if (days * DAY > micros) days--;
  const ofDay = <u64>(micros - days * DAY);
  const seconds = <u32>(ofDay / 1_000_000);
  to = putDate(to, <i32>days);
  store<u8>(to, 0x54);
  putTwo(to + 1, seconds / 3600);
  store<u8>(to, COLON, 3);
  putTwo(to + 4, (seconds / 60) % 60);
  store<u8>(to, COLON, 6);
  putTwo(to + 7, seconds % 60);
  return putFraction(to + 9, <u32>(ofDay % 1_000_000));
}

function putFraction(to: usize, micros: u32): usize {
  if (!micros) return to;
  store<u8>(to, 0x2e);
  let end = putDigits(to + 1, micros, 6);
  while (load<u8>(end - 1) == 0x30) end--;
  return end;
}

/** The same in UTC: at most 27 bytes. */
export function putTimestamp(to: usize, micros: i64): usize {
  to = putDatetime(to, micros);
  store<u8>(to, 0x5a);
  return to + 1;
}
