import type { RecordFault, RecordOrigin, TextFault } from '@winnow/kernel';
import { LINE_FEED } from '../json-bytes.ts';

/** What the text of an input was, and what is wrong with it between its records. */
export interface TextOrigin extends RecordOrigin {
  /** Faults at offsets before this one that were not taken yet, in the order of the input. */
  takeFaults(before: number): TextFault[];
}

interface TakenLineFeeds {
  readonly offset: number;
  readonly length: number;
  readonly bits: Uint8Array;
}

interface StrayByte extends RecordFault {
  readonly offset: number;
  readonly byte: number;
}

/** Notes of a stage that makes lines of a text, until those who read the lines have asked for them. */
export class TextNotes implements TextOrigin {
  readonly #from: number;
  #lineFeeds: TakenLineFeeds[] = [];
  #strays: StrayByte[] = [];
  #faults: TextFault[] = [];

  /** @param from nothing before this offset will be asked for */
  constructor(from = 0) {
    this.#from = from;
  }

  /** A bit for each of `length` bytes from `offset` on that was a line feed. */
  addLineFeeds(offset: number, length: number, bits: Uint8Array): void {
    if (offset + length > this.#from) this.#lineFeeds.push({ offset, length, bits });
  }

  /** The byte there was made one that the reader refuses. */
  addStray(offset: number, byte: number, fault: RecordFault): void {
    if (offset >= this.#from) this.#strays.push({ offset, byte, ...fault });
  }

  addFault(fault: TextFault): void {
    if (fault.offset >= this.#from) this.#faults.push(fault);
  }

  restore(offset: number, bytes: Uint8Array): void {
    const end = offset + bytes.length;
    for (const stray of this.#strays) {
      if (stray.offset >= offset && stray.offset < end) bytes[stray.offset - offset] = stray.byte;
    }
    for (const taken of this.#lineFeeds) {
      const last = Math.min(end, taken.offset + taken.length);
      for (let at = Math.max(offset, taken.offset); at < last; at++) {
        const bit = at - taken.offset;
        if ((((taken.bits[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1) bytes[at - offset] = LINE_FEED;
      }
    }
  }

  faultAt(offset: number): RecordFault | undefined {
    const stray = this.#strays.find((other) => other.offset === offset);
    return stray && { reason: stray.reason, detail: stray.detail };
  }

  release(offset: number): void {
    while ((this.#strays[0]?.offset ?? offset) < offset) this.#strays.shift();
    const first = this.#lineFeeds.findIndex((taken) => taken.offset + taken.length > offset);
    this.#lineFeeds = first < 0 ? [] : this.#lineFeeds.slice(first);
  }

  takeFaults(before: number): TextFault[] {
    const later = this.#faults.findIndex((fault) => fault.offset >= before);
    return this.#faults.splice(0, later < 0 ? this.#faults.length : later);
  }
}
