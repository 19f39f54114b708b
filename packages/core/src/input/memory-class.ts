const MIB = 2 ** 20;
/** What a process needs beside a decoder's window: Node, the kernel, buffers. */
const BASE_MIB = 300;
const SMALLEST_MIB = 512;

/** The memory class (512, 1024, 2048, … MiB) of a process that decodes with this window. */
export function memoryClassMiB(windowBytes: number): number {
  const needed = (windowBytes / MIB) * 1.1 + BASE_MIB;
  let memoryMiB = SMALLEST_MIB;
  while (memoryMiB < needed) memoryMiB *= 2;
  return memoryMiB;
}
