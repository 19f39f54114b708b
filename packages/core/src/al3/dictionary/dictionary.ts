import type { ElementType } from './element-type.ts';

/** An element of a group: where it stands and what it holds. */
export interface Element {
  /** As printed on the forms, without zeros in front; undefined where it is not known. */
  readonly number?: string | undefined;
  /** The key of its value in what is written. */
  readonly name: string;
  /** Column of its first byte, from 1. */
  readonly start: number;
  readonly length: number;
  readonly type: ElementType;
  /** Of a short date: the name of the element that holds the same date with its century. */
  readonly twin?: string | undefined;
}

export interface GroupLayout {
  readonly group: string;
  /** What it is called in people's words, and in names of tables. */
  readonly name: string;
  /** By rising columns. */
  readonly elements: readonly Element[];
}

/** The groups that are known by name; the others are kept raw. */
export type Dictionary = ReadonlyMap<string, GroupLayout>;

export const byColumn = (elements: readonly Element[]): Element[] =>
  [...elements].sort((a, b) => a.start - b.start || a.length - b.length);
