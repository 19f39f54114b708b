import { columnNodes, type Column } from '@winnow/kernel';
import { OutOfMemoryError } from './errors.ts';

/** Sizes that a process can be given, in MiB: the smallest ones that Fargate has for 0.25 to 4 vCPU. */
export const MEMORY_CLASSES_MIB = [512, 1024, 2048, 4096, 8192, 16384, 30720] as const;

/**
 * What a worker needs besides a decoder's window and its columns: Node, the kernel's buffers, a row group. Measured,
 * as is what a column takes: docs/memory.md.
 */
export const BASE_MEMORY_MIB = 240;
/** Of each column and each type nested in one: batch, row group, dictionary, footer. */
const COLUMN_KIB = 25;

const MIB = 2 ** 20;

/** What a process takes to write these columns, whatever the records hold, in MiB. */
export const columnsMemoryMiB = (columns: readonly Column[]): number =>
  BASE_MEMORY_MIB + Math.ceil((countNodes(columns) * COLUMN_KIB) / 1024);

const countNodes = (columns: readonly Column[]): number =>
  columns.reduce((sum, column) => sum + columnNodes(column).length, 0);

/**
 * The smallest class in which an input with this zstd window can be decoded, beside what else the process takes
 * ({@link columnsMemoryMiB}). A window costs a little over its size.
 */
export function memoryClassFor(windowBytes: number, baseMiB: number = BASE_MEMORY_MIB): number {
  const needed = baseMiB + Math.ceil((windowBytes * 1.1) / MIB);
  const found = MEMORY_CLASSES_MIB.find((size) => size >= needed);
  if (found === undefined) {
    throw new OutOfMemoryError(
      `a zstd window of ${windowBytes} bytes beside ${baseMiB} MiB needs ${needed} MiB, more than any memory class (${MEMORY_CLASSES_MIB.at(-1)} MiB)`,
      needed,
    );
  }
  return found;
}

/**
 * What a process gets for units of a class where `givenMiB` are asked for: never less than they are known to need. The
 * smallest class is for what needs no more than any does: there less may be given.
 */
export function processMemoryMiB(classMiB: number, givenMiB: number, columns: readonly Column[]): number {
  const needed = classMiB === MEMORY_CLASSES_MIB[0] ? columnsMemoryMiB(columns) : classMiB;
  return givenMiB >= needed ? givenMiB : Math.max(givenMiB, classMiB);
}

/** The class after this one, or undefined after the last. */
export function nextMemoryClass(memoryMiB: number): number | undefined {
  return MEMORY_CLASSES_MIB.find((size) => size > memoryMiB);
}

/** The largest zstd window that fits into so much memory beside what else the process takes. */
export function windowThatFits(memoryMiB: number, baseMiB: number = BASE_MEMORY_MIB): number {
  return Math.max(8 * MIB, Math.floor(((memoryMiB - baseMiB) * MIB) / 1.1));
}
