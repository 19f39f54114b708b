// Values that a column takes from text: decimals, dates and moments. What a value would have to be bent for does not
// fit.
import { DATE, DECIMAL, TIMESTAMP } from '../column';
import { calendarValue, isDay, isMoment } from './calendar';
import { decimalHigh, decimalLow, isDecimal } from './decimal';
import { ESCAPED, INTEGER, isString, NUMERAL } from './kinds';
import { room, Scratch, scratchFree, scratchNew } from './scratch';
import { unescape } from './string';

/**
 * What the last value that fitted is: of a decimal both halves of its unscaled value, two's complement; of a date the
 * days since 1970-01-01, of a moment the microseconds, both in the lower half, with their sign.
 */
export let fitLow: u64 = 0;
export let fitHigh: u64 = 0;

/** For strings with escapes; made when the first one comes, shared by all readers. */
let unescaped: Scratch | null = null;
let unescapedLength: u32 = 0;

/** Gives back all memory here; what is needed is made anew. */
export function releaseTexts(): void {
  if (unescaped) scratchFree(unescaped!);
  unescaped = null;
}

function unescapedText(start: usize, length: u32): usize {
  let scratch = unescaped;
  if (!scratch) {
    scratch = scratchNew(256);
    unescaped = scratch;
  }
  const to = room(scratch, length);
  unescapedLength = unescape(start, length, to);
  return to;
}

/**
 * Whether a column of `type` (decimal, date, timestamp or datetime) and `parameter` (of a decimal: precision × 256 +
 * scale) holds the value, which is as in cells: a string without its quotes.
 */
export function fits(type: u32, parameter: u32, kind: u32, start: usize, length: u32): bool {
  const isText = isString(kind);
  if (kind == ESCAPED) {
    start = unescapedText(start, length);
    length = unescapedLength;
  }
  if (type == DECIMAL) {
    if (!isText && (kind < INTEGER || kind > NUMERAL)) return false;
    if (!isDecimal(start, length, parameter >> 8, parameter & 255, !isText)) return false;
    fitLow = decimalLow;
    fitHigh = decimalHigh;
    return true;
  }
  if (!isText) return false;
  if (type == DATE ? !isDay(start, length) : !isMoment(start, length, type == TIMESTAMP)) return false;
  fitLow = calendarValue;
  return true;
}
