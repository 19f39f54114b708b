import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What other tools found in a real file: an entry of `facts.json`. */
export interface Facts {
  readonly file: string;
  readonly plain_bytes: number;
  readonly lines: number;
  readonly objects: number;
  readonly rejected: number;
  /** Keys of all records together. */
  readonly columns: number;
  readonly aggregates?: Partial<Aggregates>;
}

export interface Aggregates {
  readonly sum_score: number;
  readonly min_created: number;
  readonly max_created: number;
  readonly distinct_id: number;
  readonly distinct_author: number;
  readonly sha256_sorted_ids: string;
  /** Code points of `body`, or of `selftext` where records have none. */
  readonly text_chars: number;
  /** Of the same texts in the order of the file, with a NUL between two of them. */
  readonly text_utf8_sha256: string;
  readonly texts_with_newline: number;
  readonly by_type: Readonly<Record<string, number>>;
}

export const readFacts = (folder: string): Facts[] =>
  JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) as Facts[];
