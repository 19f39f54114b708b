import { nextMemoryClass, OutOfMemoryError } from '@winnow/core';

const MIB = 2 ** 20;

/** Asking the system takes as long as reading a small input: it is done once in so many decoded bytes. */
const LOOK_EVERY_BYTES = 256 << 10;

/** Shares of the limit that are told, in percent: once each in the life of a process. */
const WARN_AT_PERCENT = [80, 90] as const;

/** What the watch asks the process for. */
export interface WatchedProcess {
  readonly residentBytes: () => number;
  /** Gives back at once what nobody uses any more. */
  readonly collectGarbage: () => void;
}

/** The process has come near its limit. */
export interface MemoryWarning {
  /** That is reached. */
  readonly percent: number;
  readonly memoryMiB: number;
  readonly limitMiB: number;
}

/**
 * Looks at the resident memory between batches, so that the process tells when it comes near its limit, and ends with
 * a word instead of by the system's hand. Garbage that was not collected yet is no reason for either.
 */
export class MemoryWatch {
  readonly #limitMiB: number;
  readonly #process: WatchedProcess;
  readonly #toTell: number[] = [...WARN_AT_PERCENT];
  #lookedAt = -LOOK_EVERY_BYTES;

  constructor(limitMiB: number, process: WatchedProcess) {
    this.#limitMiB = limitMiB;
    this.#process = process;
  }

  get limitMiB(): number {
    return this.#limitMiB;
  }

  /**
   * @param decoded bytes of this sub-unit so far
   * @returns the highest share that is reached for the first time
   * @throws OutOfMemoryError when the process is larger than it may be
   */
  check(decoded: number): MemoryWarning | undefined {
    // Fewer than before: the next sub-unit has begun.
    if (decoded >= this.#lookedAt && decoded - this.#lookedAt < LOOK_EVERY_BYTES) return undefined;
    this.#lookedAt = decoded;
    const bound = Math.min(this.#limitMiB, ...this.#toTell.map((percent) => this.#atPercent(percent)));
    if (this.#usedMiB() < bound) return undefined;
    this.#process.collectGarbage();
    const used = this.#usedMiB();
    if (used > this.#limitMiB) throw outOfMemory(used, this.#limitMiB);
    const reached = this.#toTell.filter((percent) => used >= this.#atPercent(percent));
    this.#toTell.splice(0, reached.length);
    const percent = reached.at(-1);
    return percent === undefined
      ? undefined
      : { percent, memoryMiB: Math.ceil(used), limitMiB: this.#limitMiB };
  }

  #usedMiB(): number {
    return this.#process.residentBytes() / MIB;
  }

  #atPercent(percent: number): number {
    return (this.#limitMiB * percent) / 100;
  }
}

function outOfMemory(usedMiB: number, limitMiB: number): OutOfMemoryError {
  const needed = neededOver(limitMiB);
  return new OutOfMemoryError(
    `resident memory ${Math.ceil(usedMiB)} MiB is over the limit of ${limitMiB} MiB; try ${needed} MiB`,
    needed,
  );
}

/** What to try where so much was not enough: the next class, beyond the largest twice as much. */
export const neededOver = (limitMiB: number): number => nextMemoryClass(limitMiB) ?? limitMiB * 2;
