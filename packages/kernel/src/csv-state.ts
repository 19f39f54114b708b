import type { Kernel } from './kernel.ts';

/** Why the kernel stopped reading; the order is that of `assembly/csv/read.ts`. */
const CSV_STOPS = ['nothing', 'needs-more', 'needs-end', 'has-header'] as const;
export type CsvStop = (typeof CSV_STOPS)[number];

/** The fields of a CSV reader in the kernel that JavaScript reads. Layout: `CsvReader` in `assembly/csv/reader.ts`. */
export interface CsvState {
  readonly batch: number;
  readonly lines: number;
  readonly blank: number;
  readonly comments: number;
  readonly bad: number;
  readonly badRecords: number;
  readonly stopped: CsvStop;
  /** Line ends inside the record that has no end yet. */
  readonly openLines: number;
  readonly headerCells: number;
  readonly headerFields: number;
  /** Number of the rule that the header broke; none where it is no reason's. */
  readonly headerFault: number;
}

export function csvState(kernel: Kernel, reader: number): CsvState {
  const words = new Uint32Array(kernel.exports.memory.buffer, reader, 11);
  const [batch = 0, lines = 0, blank = 0, comments = 0, bad = 0, badRecords = 0] = words;
  const [stop = 0, openLines = 0, headerCells = 0, headerFields = 0, headerFault = 0] = words.subarray(6);
  const stopped = CSV_STOPS[stop] ?? 'nothing';
  return {
    ...{ batch, lines, blank, comments, bad, badRecords },
    ...{ stopped, openLines, headerCells, headerFields, headerFault },
  };
}
