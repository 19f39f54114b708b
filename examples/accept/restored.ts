import type { SourceRecord } from './reader.ts';

/** The column that keeps what fits no column, as one JSON object. */
export const REST = '_rest';

/**
 * Puts a record together again from a row: what did not fit stands in `_rest` under its key or, where that begins with
 * a slash, under its JSON Pointer (RFC 6901).
 */
export function restored(row: Readonly<Record<string, unknown>>): SourceRecord {
  const { [REST]: rest, ...columns } = row;
  const record: Record<string, unknown> = { ...columns };
  const drifted =
    typeof rest === 'string' ? (JSON.parse(rest) as SourceRecord) : ((rest ?? {}) as SourceRecord);
  for (const [key, value] of Object.entries(drifted)) {
    if (key.startsWith('/')) place(record, key.slice(1).split('/').map(unescaped), value);
    else record[key] = value;
  }
  return record;
}

const unescaped = (step: string): string => step.replaceAll('~1', '/').replaceAll('~0', '~');

function place(into: unknown, steps: readonly string[], value: unknown): void {
  const [step = '', ...more] = steps;
  const holder = into as Record<string, unknown>;
  if (more.length === 0) holder[step] = value;
  else place(holder[step], more, value);
}

/** The same value without keys that are null, at any depth: a column cannot tell null from absent. */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(kept.map(([key, field]) => [key, withoutNulls(field)]));
}

/** int64 at any depth as `JSON.parse` would have read it. */
export function asJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(asJson);
  if (typeof value !== 'object' || value === null) return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, asJson(field)]));
}
