import type { KernelExports } from './exports.ts';

/** Thrown where the kernel's memory cannot grow: its 4 GiB are full, or the system has no more. The kernel is lost. */
export class KernelMemoryError extends Error {
  /** All of its memory, in bytes, most of which may never have been written to. */
  readonly bytes: number;

  constructor(bytes: number, cause: unknown) {
    super(`the kernel's memory cannot grow beyond ${bytes} bytes`, { cause });
    this.name = new.target.name;
    this.bytes = bytes;
  }
}

/** The most that the allocator asks for at once: 1 GiB, in pages of 64 KiB. */
const LARGEST_PAGES = 16_384;
/** What it says of a larger piece. */
const TOO_LARGE = 'Allocation too large';

/** The exports, with a full memory told by its own error. */
export function tellingFullMemory(exports: KernelExports): KernelExports {
  const { memory } = exports;
  const told = Object.entries(exports).map(([name, value]) => [
    name,
    typeof value === 'function' ? telling(value as Exported, memory) : (value as unknown),
  ]);
  return Object.fromEntries(told) as KernelExports;
}

type Exported = (...values: unknown[]) => unknown;

function telling(exported: Exported, memory: WebAssembly.Memory): Exported {
  return (...values) => {
    try {
      return exported(...values);
    } catch (error) {
      throw isFull(error, memory) ? new KernelMemoryError(memory.buffer.byteLength, error) : error;
    }
  };
}

/**
 * The allocator stops at an `unreachable` instruction where memory does not grow, as a bug may. It asks for a GiB at
 * most, so it fails only where there is no GiB to be had.
 */
function isFull(error: unknown, memory: WebAssembly.Memory): boolean {
  if (!(error instanceof Error)) return false;
  if (error.message.includes(TOO_LARGE)) return true;
  return error instanceof WebAssembly.RuntimeError && !canGrow(memory);
}

/** Pages that nobody writes to cost nothing, and nobody uses a kernel that was stopped. */
function canGrow(memory: WebAssembly.Memory): boolean {
  try {
    memory.grow(LARGEST_PAGES);
    return true;
  } catch {
    return false;
  }
}
