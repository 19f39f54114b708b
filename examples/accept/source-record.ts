import type { SourceRecord } from './reader.ts';
import { REST } from './parts.ts';

/** How a column holds values: `json` as raw JSON text, the others as they are. */
export type IsJson = (column: string) => boolean;

/**
 * Puts a record together again from a row: columns that are null are left out (absent and null are the same), JSON is
 * parsed, and what did not fit its column comes from `_rest`, whose values are the source's own text.
 */
export function sourceRecord(row: Readonly<Record<string, unknown>>, isJson: IsJson): SourceRecord {
  const record: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    if (column === REST || value === null || value === undefined) continue;
    record[column] = isJson(column) ? (JSON.parse(value as string) as unknown) : asJson(value);
  }
  const rest = row[REST];
  return typeof rest === 'string' ? { ...record, ...(JSON.parse(rest) as SourceRecord) } : record;
}

/** int64 as JSON.parse would have read it. */
const asJson = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);

/** The same record without keys that are null, for comparing: a column cannot tell null from absent. */
export const withoutNulls = (record: SourceRecord): SourceRecord =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
