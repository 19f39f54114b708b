import { nextMemoryClass } from '@winnow/core';
import type { RunEvent } from '../events.ts';

/**
 * Turns what workers say of their memory into warnings: the first of each share of the limit, however many processes
 * come to it.
 */
export class MemoryNotice {
  readonly #told = new Set<number>();

  /** The warning, where this is the first of its kind. */
  see(event: RunEvent): string | undefined {
    if (event.kind !== 'memory-high' || this.#told.has(event.percent)) return undefined;
    this.#told.add(event.percent);
    const { unit, percent, memoryMiB, limitMiB } = event;
    const larger = nextMemoryClass(limitMiB) ?? limitMiB * 2;
    return (
      `a process came to ${percent} % of its memory in unit ${unit}: ${memoryMiB} of ${limitMiB} MiB; ` +
      `should it fail it is tried again with ${larger} MiB, which --memory ${larger}MiB gives it at once`
    );
  }
}
