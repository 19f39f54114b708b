import { nextMemoryClass, OutOfMemoryError } from '@winnow/core';

const MIB = 2 ** 20;

/** Looks at the resident memory between batches, so that the process ends with a word instead of by the system's hand. */
export class MemoryWatch {
  readonly #limitMiB: number;
  readonly #residentBytes: () => number;

  constructor(limitMiB: number, residentBytes: () => number) {
    this.#limitMiB = limitMiB;
    this.#residentBytes = residentBytes;
  }

  get limitMiB(): number {
    return this.#limitMiB;
  }

  /** Throws {@link OutOfMemoryError} when the process is larger than it may be. */
  check(): void {
    const used = this.#residentBytes() / MIB;
    if (used <= this.#limitMiB) return;
    const needed = nextMemoryClass(this.#limitMiB) ?? this.#limitMiB * 2;
    throw new OutOfMemoryError(
      `resident memory ${Math.ceil(used)} MiB is over the limit of ${this.#limitMiB} MiB; try ${needed} MiB`,
      needed,
    );
  }
}
