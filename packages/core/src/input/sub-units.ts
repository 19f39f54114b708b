import { LINE_FEED } from '../json-bytes.ts';
import { WinnowError } from '../errors.ts';

const EMPTY = new Uint8Array(0);

export interface SubUnitPiece {
  readonly bytes: Uint8Array;
  /** Nothing more of this sub-unit follows: commit it. `bytes` then end with a newline, or with the input. */
  readonly endsSubUnit: boolean;
  /** The input ends here too: this was the last sub-unit. */
  readonly last: boolean;
}

/**
 * A decoded input that cannot be split, cut into sub-units: each ends with the first newline that lies at or behind
 * `unitBytes` decoded bytes after its start, or with the input. Where sub-units end follows from the decoded bytes
 * and `unitBytes` alone, not from chunks; so decoding again from a sub-unit's start on (`skipTo`, where the committed
 * one before it ended) gives the same sub-units.
 *
 * It looks one chunk ahead, to tell the last sub-unit. A failure of the input surfaces when all that came before it was
 * given. So the sub-units that end before the failure, with a byte at least behind them, are the same however those
 * bytes were cut into chunks; pieces of the open sub-unit are never to be kept.
 *
 * An input without (further) bytes has no sub-unit: the first `next()` gives undefined.
 */
export class SubUnitStream {
  readonly #chunks: AsyncIterator<{ readonly bytes: Uint8Array }>;
  readonly #unitBytes: number;
  readonly #skipTo: number;
  /** Decoded bytes pulled so far. */
  #pulled = 0;
  /** Bytes of the current sub-unit given so far. */
  #given = 0;
  #rest: Uint8Array = EMPTY;
  #failure: { readonly error: unknown } | undefined;

  constructor(
    decoded: AsyncIterable<{ readonly bytes: Uint8Array }>,
    options: { readonly unitBytes: number; readonly skipTo?: number },
  ) {
    if (!(options.unitBytes >= 1))
      throw new RangeError(`unitBytes must be at least 1, got ${options.unitBytes}`);
    this.#chunks = decoded[Symbol.asyncIterator]();
    this.#unitBytes = options.unitBytes;
    this.#skipTo = options.skipTo ?? 0;
  }

  /** The next piece, of a byte at least; undefined behind the last. Throws what reading the input throws. */
  async next(): Promise<SubUnitPiece | undefined> {
    if (this.#rest.length === 0) await this.#lookAhead();
    if (this.#rest.length === 0) {
      if (this.#failure) throw this.#failure.error;
      return undefined;
    }
    const end = this.#endOfSubUnit();
    const bytes = this.#rest.subarray(0, end);
    this.#rest = this.#rest.subarray(bytes.length);
    if (this.#rest.length === 0) await this.#lookAhead();
    const last = this.#rest.length === 0 && !this.#failure;
    const endsSubUnit = end !== undefined || last;
    this.#given = endsSubUnit ? 0 : this.#given + bytes.length;
    return { bytes, endsSubUnit, last };
  }

  /** Lets go of the input. Harmless when repeated. */
  async close(): Promise<void> {
    await this.#chunks.return?.();
  }

  /** Where in what is at hand the sub-unit ends, if it does. */
  #endOfSubUnit(): number | undefined {
    const from = Math.max(this.#unitBytes - 1 - this.#given, 0);
    const newline = from < this.#rest.length ? this.#rest.indexOf(LINE_FEED, from) : -1;
    return newline === -1 ? undefined : newline + 1;
  }

  /** Pulls the next bytes, unless there are none; keeps a failure until its turn comes. */
  async #lookAhead(): Promise<void> {
    if (this.#failure) return;
    try {
      await this.#advance();
    } catch (error) {
      this.#failure = { error };
    }
  }

  async #advance(): Promise<void> {
    this.#rest = EMPTY;
    while (this.#rest.length === 0) {
      const step = await this.#chunks.next();
      if (step.done === true) break;
      const { bytes } = step.value;
      const skipped = Math.min(Math.max(this.#skipTo - this.#pulled, 0), bytes.length);
      this.#pulled += bytes.length;
      this.#rest = bytes.subarray(skipped);
    }
    if (this.#rest.length > 0 || this.#pulled >= this.#skipTo) return;
    throw new WinnowError(
      `a sub-unit starts at decoded byte ${this.#skipTo}, but the input ended at ${this.#pulled}`,
      { hint: 'the input is not the one that was planned: run again with --resume=false' },
    );
  }
}
