import type { PlannedInput, Storage } from '@winnow/core';

/** Inputs up to so many stored bytes are read before their turn. */
const SMALL_BYTES = 64 << 10;
/** So many inputs ahead: enough to hide what opening each takes, and a MiB at most. */
const AHEAD = 16;

/**
 * The stored bytes of a unit's inputs, to be asked for in their order. Opening a small input takes far longer than
 * reading it, on a disk and much more so in object storage: the next ones are under way while one is worked on. What
 * is wrong with an input shows when its turn comes.
 */
export class InputsAhead {
  readonly #source: Pick<Storage, 'read'>;
  readonly #inputs: readonly PlannedInput[];
  readonly #isWanted: (index: number) => boolean;
  readonly #underWay = new Map<number, Promise<Uint8Array[]>>();
  #next = 0;

  /** @param isWanted whether the input at this position will be asked for */
  constructor(
    source: Pick<Storage, 'read'>,
    inputs: readonly PlannedInput[],
    isWanted: (index: number) => boolean,
  ) {
    this.#source = source;
    this.#inputs = inputs;
    this.#isWanted = isWanted;
  }

  async *read(index: number): AsyncGenerator<Uint8Array> {
    this.#start(index);
    const small = this.#underWay.get(index);
    this.#underWay.delete(index);
    const input = this.#inputs[index];
    if (small) yield* await small;
    else if (input) yield* this.#source.read(input.key, { pin: input.pin });
  }

  /** Waits for what nobody will ask for any more. */
  async end(): Promise<void> {
    await Promise.allSettled(this.#underWay.values());
  }

  /** Begins with the small ones up to `AHEAD` inputs after this one. */
  #start(index: number): void {
    this.#next = Math.max(this.#next, index);
    for (; this.#next <= index + AHEAD && this.#next < this.#inputs.length; this.#next++) {
      const input = this.#inputs[this.#next];
      if (!input || input.size > SMALL_BYTES || !this.#isWanted(this.#next)) continue;
      const bytes = Array.fromAsync(this.#source.read(input.key, { pin: input.pin }));
      // Looked at when its turn comes; without this a failure would count as unhandled until then.
      bytes.catch(() => undefined);
      this.#underWay.set(this.#next, bytes);
    }
  }
}
