import { checkParts, type Check } from './check.ts';
import type { Facts } from './facts.ts';
import type { Judge } from './judge.ts';

/** Asks both readers for each aggregate that the facts give. */
export async function checkAggregates({ file, aggregates }: Facts, judge: Judge): Promise<Check[]> {
  if (aggregates === undefined) return [];
  const { sum_score, min_created, max_created, distinct_id, distinct_author } = aggregates;
  const { sha256_sorted_ids, text_chars, text_utf8_sha256, texts_with_newline, by_type } = aggregates;
  const checks: Check[] = [];
  const check = async <T>(
    name: string,
    expected: T | undefined,
    question: Parameters<typeof judge.ask<T>>[0],
  ): Promise<void> => {
    if (expected !== undefined) checks.push(checkParts(file, name, expected, await judge.ask(question)));
  };
  // Comments have a body, submissions a selftext.
  const { duckdb: columns } = await judge.ask((reader) => reader.columns());
  const textKey = columns.includes('body') ? 'body' : 'selftext';
  await check('sum score', sum_score?.toString(), (reader) => reader.sum('score'));
  await check('min created_utc', min_created, async (reader) => (await reader.range('created_utc')).min);
  await check('max created_utc', max_created, async (reader) => (await reader.range('created_utc')).max);
  await check('distinct id', distinct_id, (reader) => reader.distinct('id'));
  await check('distinct author', distinct_author, (reader) => reader.distinct('author'));
  await check('SHA-256 of sorted ids', sha256_sorted_ids, (reader) => reader.sha256Sorted('id'));
  await check(`characters of ${textKey}`, text_chars, async (reader) => (await reader.texts(textKey)).chars);
  await check(
    `SHA-256 of ${textKey}`,
    text_utf8_sha256,
    async (reader) => (await reader.texts(textKey)).sha256,
  );
  await check(
    `${textKey} with newline`,
    texts_with_newline,
    async (reader) => (await reader.texts(textKey)).withNewline,
  );
  const sorted = by_type && Object.fromEntries(Object.entries(by_type).sort(([a], [b]) => (a < b ? -1 : 1)));
  await check('records by type', sorted, (reader) => reader.countBy('type'));
  return checks;
}
