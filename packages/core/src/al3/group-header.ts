/** Bytes of a header: 10 where the first digit is 1 to 4, 30 where it is 5 to 9. */
export const SHORT_HEADER = 10;
export const LONG_HEADER = 30;
/** Name and length: what it takes to know where a group ends. */
export const HEADER_START = 7;

/** What another group is called by. */
export interface GroupReference {
  readonly group: string;
  readonly level: string | undefined;
  readonly iteration: number | undefined;
}

/** What the header of a group says; its length is the group's own. */
export interface GroupHeader {
  /** A digit and three letters or digits. */
  readonly group: string;
  /** Blank: undefined. */
  readonly version: string | undefined;
  /** Of data groups: a letter and a digit, such as `F1`. */
  readonly level: string | undefined;
  readonly iteration: number | undefined;
  /** Undefined where the group hangs from its transaction. */
  readonly parent: GroupReference | undefined;
  /** Columns of it that are not what they should be, for a diagnostic. */
  readonly faults: readonly HeaderFault[];
}

export interface HeaderFault {
  /** Column, from 1. */
  readonly column: number;
  readonly rule: string;
  readonly value: string;
}

/** The last column that names the parent. */
const PARENT_END = 26;
const ZERO = 0x30;
const isDigit = (byte: number): boolean => byte >= 0x30 && byte <= 0x39;
const isLetter = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

export const headerBytes = (firstDigit: number): number =>
  firstDigit >= ZERO + 5 ? LONG_HEADER : SHORT_HEADER;

/**
 * The length that these seven bytes give a group, or 0 where they begin no group. Three digits alone are no name: dates
 * would look like groups.
 */
export function groupLength(bytes: Uint8Array, at = 0): number {
  const digit = bytes[at] ?? 0;
  if (!isDigit(digit) || digit === ZERO) return 0;
  let letters = 0;
  for (let place = at + 1; place < at + 4; place++) {
    const byte = bytes[place] ?? 0;
    if (isLetter(byte)) letters++;
    else if (!isDigit(byte)) return 0;
  }
  if (letters === 0) return 0;
  let length = 0;
  for (let place = at + 4; place < at + HEADER_START; place++) {
    const byte = bytes[place] ?? 0;
    if (!isDigit(byte)) return 0;
    length = length * 10 + byte - ZERO;
  }
  return length < headerBytes(digit) ? 0 : length;
}

/** Reads the header of a group that {@link groupLength} knows. Where the input ends in it, as far as it goes. */
export function parseGroupHeader(bytes: Uint8Array): GroupHeader {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, LONG_HEADER)).toString(
    'latin1',
  );
  const group = text.slice(0, 4);
  const version = text.slice(8, 9).trim() || undefined;
  if (headerBytes(bytes[0] ?? 0) === SHORT_HEADER)
    return { group, version, level: undefined, iteration: undefined, parent: undefined, faults: [] };
  const faults: HeaderFault[] = [];
  const level = levelAt(text, 11, faults);
  const iteration = iterationAt(text, 13, faults);
  const name = text.length < PARENT_END ? undefined : sent(text.slice(16, 20));
  const parent =
    name === undefined
      ? undefined
      : { group: name, level: levelAt(text, 21, faults), iteration: iterationAt(text, 23, faults) };
  return { group, version, level, iteration, parent, faults };
}

const sent = (text: string): string | undefined =>
  /^[ ?\0]*$/.test(text) ? undefined : text.replace(/ +$/, '');

function levelAt(text: string, column: number, faults: HeaderFault[]): string | undefined {
  const level = sent(text.slice(column - 1, column + 1));
  if (text.length < column + 1) return undefined;
  if (level !== undefined && !/^[A-Z]\d$/.test(level))
    faults.push({ column, rule: 'a level is a letter and a digit', value: level });
  return level;
}

function iterationAt(text: string, column: number, faults: HeaderFault[]): number | undefined {
  const iteration = sent(text.slice(column - 1, column + 3));
  if (iteration === undefined || text.length < column + 3) return undefined;
  if (/^\d{4}$/.test(iteration)) return Number(iteration);
  faults.push({ column, rule: 'an iteration is four digits', value: iteration });
  return undefined;
}
