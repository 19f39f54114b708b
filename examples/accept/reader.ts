/** Texts of one key over all records, in order. */
export interface TextFacts {
  /** Unicode code points. */
  readonly chars: number;
  /** Of the texts in order, with a NUL between two of them. */
  readonly sha256: string;
  readonly withNewline: number;
}

/** A record as it was in the source, by key: put together again from its columns and `_rest`. */
export type SourceRecord = Readonly<Record<string, unknown>>;

/**
 * One way to read a folder of Parquet files. There are two, which share no code, and every fact is asked of both.
 * Facts over a key are over the record's values: from the key's column, or from `_rest` where they did not fit it.
 */
export interface PartReader {
  readonly name: string;
  rows(): Promise<number>;
  /** Of the schema, `_rest` included, in order. */
  columns(): Promise<readonly string[]>;
  /** Keys that stand in `_rest` somewhere. */
  restKeys(): Promise<readonly string[]>;
  /** Exact, as decimal text without trailing zeros. */
  sum(key: string): Promise<string>;
  /** By value: `"12"` and `12.0` are 12. */
  range(key: string): Promise<{ readonly min: number; readonly max: number }>;
  distinct(key: string): Promise<number>;
  /** Of the texts in the order of their UTF-8 bytes, with a line feed between two of them. */
  sha256Sorted(key: string): Promise<string>;
  texts(key: string): Promise<TextFacts>;
  countBy(key: string): Promise<Readonly<Record<string, number>>>;
  records(): AsyncIterable<SourceRecord>;
  close(): void;
}
