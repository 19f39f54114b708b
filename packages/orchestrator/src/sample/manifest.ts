import type { SampleRequest } from './request.ts';

/** Where a bad line stands. */
export interface BadPlace {
  /** Relative to the archive. */
  readonly file: string;
  /** From 1, blank lines counted. */
  readonly line: number;
  /** Of its first byte in the decoded file. */
  readonly offset: number;
  /** Bytes without the line feed. */
  readonly length: number;
  readonly kind: string;
}

/** What is in a sample archive, exactly. Written beside its folder as `<output>.manifest.json`. */
export interface SampleManifest {
  readonly request: Omit<SampleRequest, 'output'>;
  readonly files: number;
  readonly bytes: { readonly stored: number; readonly decoded: number };
  readonly records: { readonly total: number; readonly good: number; readonly bad: number };
  readonly skipped: { readonly blank: number; readonly bom: number };
  readonly lines: number;
  /** Over the good records. `eventId` is a decimal text: it is beyond what a JSON number holds. */
  readonly sums: { readonly score: number; readonly eventId: string };
  readonly badByKind: Readonly<Record<string, number>>;
  readonly bad: readonly BadPlace[];
  /** Records in which a key drifts from the columns beside the archive, by key. */
  readonly drift: Readonly<Record<string, { readonly types: readonly string[]; readonly records: number }>>;
  /** Records that drift at all: a record has at most one key that does. */
  readonly driftingRecords: number;
}
