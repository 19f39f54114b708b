import type { RecordFault } from '@winnow/kernel';

/**
 * What a line of an array with an element a line holds: a bracket alone, an element with its comma or without, or what
 * ends like no element (`damaged`): the reader refuses that, and its comma may be what was lost.
 */
export type ArrayLine = 'opening' | 'closing' | 'element-comma' | 'element' | 'damaged' | 'end';

/** What stands before a line; `unknown` at the start of a byte range, whose first line the range before judges. */
export type ArrayPlace = 'unknown' | 'outside' | 'opening' | 'element-comma' | 'element' | 'damaged';

const unexpectedEnd: RecordFault = { reason: 'unexpected-end', detail: 'the array does not end' };
const commaBeforeEnd: RecordFault = { reason: 'invalid-value', detail: 'the array ends behind a comma' };
const expectedComma: RecordFault = {
  reason: 'expected-comma',
  detail: 'no comma stands between the line before and this one',
};
const insideArray: RecordFault = { reason: 'not-an-object', detail: 'an array begins inside the array' };
const outsideArray: RecordFault = {
  reason: 'trailing-content',
  detail: 'this line and those that follow stand outside the array',
};
const strayClosing: RecordFault = { reason: 'trailing-content', detail: 'an array ends where none is open' };

/**
 * What is wrong with a line at its place, if anything is.
 *
 * | before \ line   | `[`              | element          | `]`               | end              |
 * |-----------------|------------------|------------------|-------------------|------------------|
 * | unknown         |                  |                  |                   |                  |
 * | outside         |                  | trailing-content | trailing-content  |                  |
 * | `[`             | not-an-object    |                  |                   | unexpected-end   |
 * | element, comma  | not-an-object    |                  | invalid-value     | unexpected-end   |
 * | element         | not-an-object    | expected-comma   |                   | unexpected-end   |
 * | damaged         | not-an-object    |                  |                   | unexpected-end   |
 */
export function lineFault(before: ArrayPlace, line: ArrayLine): RecordFault | undefined {
  if (before === 'unknown') return undefined;
  const isElement = line !== 'opening' && line !== 'closing' && line !== 'end';
  if (before === 'outside') {
    if (line === 'closing') return strayClosing;
    return isElement ? outsideArray : undefined;
  }
  if (line === 'opening') return insideArray;
  if (line === 'end') return unexpectedEnd;
  if (line === 'closing') return before === 'element-comma' ? commaBeforeEnd : undefined;
  return before === 'element' ? expectedComma : undefined;
}

export function placeBehind(line: Exclude<ArrayLine, 'end'>): ArrayPlace {
  return line === 'closing' ? 'outside' : line;
}
