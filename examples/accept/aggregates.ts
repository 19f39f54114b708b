import { createHash } from 'node:crypto';
import { decimalSum } from './decimal.ts';
import type { Aggregates } from './facts.ts';
import type { SourceRecord } from './reader.ts';

const compareBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
const sha256 = (content: string): string => createHash('sha256').update(content).digest('hex');
const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The same sums that the facts have, over the records as a reader gave them. */
export function aggregatesOf(records: readonly SourceRecord[]): Record<keyof Aggregates, unknown> {
  const values = (key: string): unknown[] =>
    records.map((record) => record[key]).filter((value) => value !== null && value !== undefined);
  const texts = (key: string): string[] => values(key).map(textOf);
  const distinct = (key: string): number => new Set(texts(key)).size;
  const created = values('created_utc').map(Number);
  // Comments have a body, submissions a selftext.
  const bodies = texts(records.some((record) => 'body' in record) ? 'body' : 'selftext');
  const types = Map.groupBy(texts('type'), (type) => type);
  return {
    sum_score: Number(decimalSum(texts('score'))),
    min_created: created.reduce((a, b) => Math.min(a, b), Infinity),
    max_created: created.reduce((a, b) => Math.max(a, b), -Infinity),
    distinct_id: distinct('id'),
    distinct_author: distinct('author'),
    sha256_sorted_ids: sha256(texts('id').sort(compareBytes).join('\n')),
    text_chars: bodies.reduce((sum, body) => sum + Array.from(body).length, 0),
    text_utf8_sha256: sha256(bodies.join('\0')),
    texts_with_newline: bodies.filter((body) => body.includes('\n')).length,
    by_type: sortedByKey([...types].map(([type, all]) => [type, all.length])),
  };
}

/** So that equal counts have equal texts. */
export const sortedByKey = (entries: readonly (readonly [string, number])[]): Record<string, number> =>
  Object.fromEntries([...entries].sort(([a], [b]) => compareBytes(a, b)));
