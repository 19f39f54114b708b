import type { Verdict } from './judge.ts';

/** A line of the table. */
export interface Check {
  readonly file: string;
  readonly check: string;
  readonly expected: string;
  /** What DuckDB, or the run itself, says. */
  readonly found: string;
  /** Empty where only the run is asked. */
  readonly hyparquet: string;
  readonly ok: boolean;
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** The run itself says so. */
export function checkRun(file: string, check: string, expected: unknown, found: unknown): Check {
  return {
    file,
    check,
    expected: shown(expected),
    found: shown(found),
    hyparquet: '',
    ok: shown(expected) === shown(found),
  };
}

/** Both readers say so. */
export function checkParts<T>(
  file: string,
  check: string,
  expected: T,
  { duckdb, hyparquet }: Verdict<T>,
): Check {
  const wanted = shown(expected);
  const ok = shown(duckdb) === wanted && shown(hyparquet) === wanted;
  return { file, check, expected: wanted, found: shown(duckdb), hyparquet: shown(hyparquet), ok };
}

const WIDEST = 24;
const cut = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text);

/** The checks as a table, and the count that ends it. */
export function tableText(checks: readonly Check[]): string {
  const head = ['file', 'check', 'expected', 'DuckDB or run', 'hyparquet', 'ok'];
  const rows = checks.map(({ file, check, expected, found, hyparquet, ok }) => [
    file.slice(file.lastIndexOf('/') + 1),
    check,
    // What differs is shown whole.
    ...[expected, found, hyparquet].map(ok ? cut : String),
    ok ? 'ok' : 'FAILED',
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) =>
    Math.max(...all.map((row) => Math.min(row[column]?.length ?? 0, 40))),
  );
  const lines = all.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const passed = checks.filter(({ ok }) => ok).length;
  return [...lines, '', `${passed} passed, ${checks.length - passed} failed`].join('\n');
}
