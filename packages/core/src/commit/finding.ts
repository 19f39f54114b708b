export const FINDING_KINDS = [
  'run',
  'plan',
  'coverage',
  'ledger',
  'uncommitted',
  'part',
  'quarantine',
  'orphan',
  'compacted-ledger',
  'report',
  'success',
] as const;

/** Something that `winnow verify` found wrong. */
export interface Finding {
  readonly kind: (typeof FINDING_KINDS)[number];
  /** The object it is about, relative to the output. */
  readonly key: string;
  /** One line for people. */
  readonly message: string;
}
