import { STARTER_DICTIONARY, type Element } from '@winnow/core';

/** A group by its name, the iteration and place of a data group, and its parent's. */
export interface GroupPlace {
  readonly group: string;
  readonly version: string;
  /** Level and iteration, such as `F10001`. */
  readonly place?: string;
  /** Name, level and iteration of another group. */
  readonly parent?: string;
  readonly length: number;
}

/** Texts of elements by their names in the starter dictionary; blanks are said by an empty one. */
export type Values = Readonly<Record<string, string>>;

/** The bytes of a group; what is given no value was not sent. In Latin-1, as all texts here. */
export function groupBytes(
  { group, version, place = '', parent = '', length }: GroupPlace,
  values: Values,
): Buffer {
  const isData = /^[5-9]/.test(group);
  const start = `${group}${String(length).padStart(3, '0')} ${version} ${place}`;
  const header = isData ? start.padEnd(16).concat(parent).padEnd(30) : start.padEnd(10);
  const bytes = Buffer.from(header.padEnd(length, isData ? '?' : ' '), 'latin1');
  const elements = STARTER_DICTIONARY.get(group)?.elements ?? [];
  for (const [name, value] of Object.entries(values)) {
    const element = elements.find((one) => one.name === name);
    if (!element) throw new RangeError(`${group} has no element ${name}`);
    bytes.write(filled(value, element), element.start - 1, 'latin1');
  }
  return bytes;
}

/** Text to the left, digits to the right. */
const filled = (value: string, { type, length }: Element): string =>
  /^[NS]\d/.test(type) && value !== '' ? value.padStart(length, '0') : value.padEnd(length);

/** Cents as a signed amount. */
export const amount = (cents: number): string => `${Math.abs(cents)}${cents < 0 ? '-' : '+'}`;

/** The name of a person, in its parts. */
export const person = (first: string, last: string): string =>
  `P${''.padEnd(8)}${first.padEnd(16)}${''.padEnd(11)}${last.padEnd(20)}`;
