import {
  compareKeys,
  readInputOutcomes,
  zstdTextCodec,
  type InputOutcome,
  type PlannedInput,
  type Storage,
} from '@winnow/core';

/**
 * The inputs of a finished run as it pinned them, from the list that stays for good. Asked for in the order of the keys, as
 * quarantine has them, they cost one reading of the list, in the memory of one entry.
 */
export class InputPins {
  readonly #output: Storage;
  readonly #runId: string;
  #list: AsyncGenerator<InputOutcome, void> | undefined;
  #at: InputOutcome | undefined;

  constructor(output: Storage, runId: string) {
    this.#output = output;
    this.#runId = runId;
  }

  /** Undefined where the run did nothing of such an input. */
  async find(key: string): Promise<PlannedInput | undefined> {
    if (!this.#list || !this.#at || compareKeys(this.#at.key, key) > 0) await this.#begin();
    while (this.#at && compareKeys(this.#at.key, key) < 0) await this.#next();
    const found = this.#at;
    if (found?.key !== key || found.runId !== this.#runId) return undefined;
    return { key, size: found.size, pin: found.pin };
  }

  async end(): Promise<void> {
    await this.#list?.return(undefined);
    this.#list = undefined;
  }

  async #begin(): Promise<void> {
    await this.end();
    this.#list = readInputOutcomes(this.#output, this.#runId, zstdTextCodec);
    await this.#next();
  }

  async #next(): Promise<void> {
    const next = await this.#list?.next();
    this.#at = next === undefined || next.done === true ? undefined : next.value;
  }
}
