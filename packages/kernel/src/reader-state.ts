import type { Kernel } from './kernel.ts';

/** The fields of a reader in the kernel that JavaScript reads. Layout: `Reader` in `assembly/ndjson/reader.ts`. */
export interface ReaderState {
  readonly batch: number;
  readonly lines: number;
  readonly blank: number;
  readonly bad: number;
  readonly badRecords: number;
  readonly driftCounts: number;
}

export function readerState(kernel: Kernel, reader: number): ReaderState {
  const words = new Uint32Array(kernel.exports.memory.buffer, reader, 6);
  const [batch = 0, lines = 0, blank = 0, bad = 0, badRecords = 0, driftCounts = 0] = words;
  return { batch, lines, blank, bad, badRecords, driftCounts };
}
