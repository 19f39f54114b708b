/** What is told of a file, by code: `docs/al3.md` says what each means and what becomes of the bytes. */
export const DIAGNOSTICS = {
  'cut-group': 'error',
  'not-a-group': 'error',
  'outside-transaction': 'error',
  'transaction-too-long': 'error',
  'parent-missing': 'error',
  'value-misfit': 'error',
  'parent-inexact': 'warning',
  'base-missing': 'warning',
  'bad-header': 'warning',
  'value-cut': 'warning',
  'not-sent-with-data': 'warning',
  'twin-differs': 'warning',
  'header-missing': 'warning',
  'trailer-missing': 'warning',
  'count-differs': 'warning',
  'byte-order-mark': 'warning',
} as const;

export type DiagnosticCode = keyof typeof DIAGNOSTICS;
export type Severity = (typeof DIAGNOSTICS)[DiagnosticCode];

/** Something about a file that its reader should know. */
export interface Diagnostic {
  readonly severity: Severity;
  readonly code: DiagnosticCode;
  /** Of the byte that it is about, in the input. */
  readonly offset: number;
  /** The group that it is about, empty where there is none. */
  readonly group: string;
  readonly message: string;
}

export const diagnostic = (
  code: DiagnosticCode,
  offset: number,
  group: string,
  message: string,
): Diagnostic => ({
  severity: DIAGNOSTICS[code],
  code,
  offset,
  group,
  message,
});
