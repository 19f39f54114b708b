import { OutOfMemoryError } from './errors.ts';

/** Sizes that a process can be given, in MiB: the smallest ones that Fargate has for 0.25 to 4 vCPU. */
export const MEMORY_CLASSES_MIB = [512, 1024, 2048, 4096, 8192, 16384, 30720] as const;

/** What a worker needs besides a decoder's window: Node, the kernel's buffers, a row group. */
export const BASE_MEMORY_MIB = 300;

const MIB = 2 ** 20;

/** The smallest class in which an input with this zstd window can be decoded. A window costs a little over its size. */
export function memoryClassFor(windowBytes: number): number {
  const needed = BASE_MEMORY_MIB + Math.ceil((windowBytes * 1.1) / MIB);
  const found = MEMORY_CLASSES_MIB.find((size) => size >= needed);
  if (found === undefined) {
    throw new OutOfMemoryError(
      `a zstd window of ${windowBytes} bytes needs ${needed} MiB, more than any memory class (${MEMORY_CLASSES_MIB.at(-1)} MiB)`,
      needed,
    );
  }
  return found;
}

/** The class after this one, or undefined after the last. */
export function nextMemoryClass(memoryMiB: number): number | undefined {
  return MEMORY_CLASSES_MIB.find((size) => size > memoryMiB);
}

/** The largest zstd window that fits into so much memory. */
export function windowThatFits(memoryMiB: number): number {
  return Math.max(8 * MIB, Math.floor(((memoryMiB - BASE_MEMORY_MIB) * MIB) / 1.1));
}
