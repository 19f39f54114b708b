import type { Column } from '@winnow/kernel';

/** A record as it was in the source, by key: put together again from its columns and `_rest`. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/** What a run left behind: its parts in the order of their names, which is that of the records, and their columns. */
export interface Output {
  readonly parts: readonly string[];
  readonly columns: readonly Column[];
}

/**
 * One way to read the parts of a run: with software that has no code of the writer's. Each row is a plain object, JSON
 * values parsed as `JSON.parse` would, null where there is none; `_rest` as its text.
 */
export interface Reader {
  readonly name: string;
  /** Names of the columns that the parts themselves say they have, in order. */
  columns(output: Output): Promise<readonly string[]>;
  rows(output: Output): AsyncIterable<Readonly<Record<string, unknown>>>;
}
