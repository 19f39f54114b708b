import type { MendedRecord } from '@winnow/core';
import type { TextFault } from '@winnow/kernel';

/** A place in an input where something else is taken than its bytes. */
export interface Stop {
  readonly offset: number;
  /** What is wrong there between records. */
  readonly fault: TextFault | undefined;
  /** A mended record. */
  readonly raw: string | undefined;
}

/** The records of one input that were mended, by rising offset: each is given out once, when the input has come to it. */
export class MendedPlaces {
  #left: readonly MendedRecord[];

  constructor(records: readonly MendedRecord[]) {
    this.#left = records;
  }

  /** These faults and the mended records before an offset, in their order. What is mended at the place of a fault stands for that. */
  stopsBefore(offset: number, faults: readonly TextFault[]): Stop[] {
    const later = this.#left.findIndex((record) => record.offset >= offset);
    const reached = later < 0 ? this.#left : this.#left.slice(0, later);
    this.#left = later < 0 ? [] : this.#left.slice(later);
    const raws = new Map(reached.map((record) => [record.offset, record.raw]));
    const stops: Stop[] = faults.map((fault) => {
      const raw = raws.get(fault.offset);
      raws.delete(fault.offset);
      return { offset: fault.offset, fault, raw };
    });
    for (const [at, raw] of raws) stops.push({ offset: at, fault: undefined, raw });
    return stops.sort((a, b) => a.offset - b.offset);
  }
}
