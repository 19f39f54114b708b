import { nextMemoryClass, OutOfMemoryError } from '@winnow/core';

const MIB = 2 ** 20;

/** Asking the system takes as long as reading a small input: it is done once in so many decoded bytes. */
const LOOK_EVERY_BYTES = 256 << 10;

/** Looks at the resident memory between batches, so that the process ends with a word instead of by the system's hand. */
export class MemoryWatch {
  readonly #limitMiB: number;
  readonly #residentBytes: () => number;
  #lookedAt = -LOOK_EVERY_BYTES;

  constructor(limitMiB: number, residentBytes: () => number) {
    this.#limitMiB = limitMiB;
    this.#residentBytes = residentBytes;
  }

  get limitMiB(): number {
    return this.#limitMiB;
  }

  /**
   * @param decoded bytes of this sub-unit so far
   * @throws OutOfMemoryError when the process is larger than it may be
   */
  check(decoded: number): void {
    // Fewer than before: the next sub-unit has begun.
    if (decoded >= this.#lookedAt && decoded - this.#lookedAt < LOOK_EVERY_BYTES) return;
    this.#lookedAt = decoded;
    const used = this.#residentBytes() / MIB;
    if (used <= this.#limitMiB) return;
    const needed = nextMemoryClass(this.#limitMiB) ?? this.#limitMiB * 2;
    throw new OutOfMemoryError(
      `resident memory ${Math.ceil(used)} MiB is over the limit of ${this.#limitMiB} MiB; try ${needed} MiB`,
      needed,
    );
  }
}
