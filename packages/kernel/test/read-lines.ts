import { batchRows, type CellValue } from '../src/batch-rows.ts';
import type { Column, DriftPolicy } from '../src/column.ts';
import type { Kernel } from '../src/kernel.ts';
import { NdjsonReader } from '../src/ndjson-reader.ts';
import { optionsOf } from './reader-options.ts';

/** What comes of a few lines, in short. */
export interface Outcome {
  readonly rows: readonly (readonly CellValue[])[];
  readonly bad: readonly string[];
  readonly drift: readonly string[];
}

export function readLines(
  kernel: Kernel,
  columns: readonly Column[],
  drift: DriftPolicy,
  lines: readonly string[],
): Outcome {
  const reader = new NdjsonReader(kernel, optionsOf(drift, columns));
  try {
    reader.startInput(0);
    reader.push(Buffer.from(lines.join('\n')));
    reader.endInput();
    reader.next();
    const batch = reader.flush();
    const rows = batch ? batchRows(batch) : [];
    const bad = reader.takeBad().map(({ reason, detail }) => `${reason}: ${detail}`);
    return { rows, bad, drift: reader.takeDrift().map(({ key, types }) => `${key} ${types.join()}`) };
  } finally {
    reader.dispose();
  }
}
