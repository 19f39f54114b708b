import type { Verdict } from './verdict.ts';

/** A line of the table. */
export interface Check {
  readonly file: string;
  readonly check: string;
  readonly expected: string;
  /** What was found; where judges differ, what each of them says. */
  readonly found: string;
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
    ok: shown(expected) === shown(found),
  };
}

/** All judges say so. */
export function checkParts(file: string, check: string, expected: unknown, verdict: Verdict): Check {
  const wanted = shown(expected);
  const said = Object.entries(verdict).map(([name, found]) => ({ name, found: shown(found) }));
  const ok = said.length > 0 && said.every(({ found }) => found === wanted);
  const found = ok ? wanted : said.map(({ name, found }) => `${name}: ${found}`).join(', ');
  return { file, check, expected: wanted, found, ok };
}

const WIDEST = 28;
const cut = (text: string): string => (text.length > WIDEST ? `${text.slice(0, WIDEST - 1)}…` : text);

/** The checks as a table, and the count that ends it. */
export function tableText(checks: readonly Check[]): string {
  const head = ['file', 'check', 'expected', 'found', 'ok'];
  const rows = checks.map(({ file, check, expected, found, ok }) => [
    file.slice(file.lastIndexOf('/') + 1),
    check,
    // What differs is shown whole.
    ...[expected, found].map(ok ? cut : String),
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
