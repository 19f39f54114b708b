import type { MendedRecord, MendedRecords, RunFile, RunKeys, Storage } from '@winnow/core';
import type { KernelSupply } from './kernel-supply.ts';
import type { SourceOf } from './open-run.ts';

/** What the work on a unit needs, and how it is watched. */
export interface UnitContext {
  readonly run: RunFile;
  readonly keys: RunKeys;
  /** Where inputs are read from, and where everything is written to. */
  readonly source: Storage;
  readonly output: Storage;
  /** Where the inputs of an earlier run of this output are. */
  readonly sourceOf: SourceOf;
  readonly kernels: KernelSupply;
  /** The keys that lead from a document to its records; undefined where inputs tell their layout. */
  readonly recordsPath: readonly string[] | undefined;
  /** Of a redrive: what stands for records that were mended. */
  readonly mended: MendedRecords | undefined;
  /** The same, by input: in the layout `mirror`, where inputs are read again. */
  readonly mendedInputs: ReadonlyMap<string, readonly MendedRecord[]> | undefined;
  /** Largest zstd window that fits into the process. */
  readonly maxWindowBytes: number;
  /**
   * Called between batches with what this sub-unit has taken so far. Throws where the work has to stop: asked to by
   * a signal, or out of memory.
   */
  readonly checkpoint: (records: number, decoded: number) => void;
  /** One line for the log: what receipts have no place for, such as a library's or the system's own words. */
  readonly warn: (message: string) => void;
}
