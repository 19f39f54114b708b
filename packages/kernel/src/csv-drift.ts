import { type DriftCount, OTHER_KEYS } from './drift-counts.ts';

/** Fields of other inputs may have other names: so many are told apart. */
const MAX_COUNTED_NAMES = 4096;

/** Drifting records by the name of the field, over all inputs. What drifts in CSV is always a text. */
export class CsvDrift {
  #records = new Map<string, number>();

  add(name: string, records: number): void {
    if (records === 0) return;
    const isOther = this.#records.size >= MAX_COUNTED_NAMES && !this.#records.has(name);
    const key = isOther ? OTHER_KEYS : name;
    this.#records.set(key, (this.#records.get(key) ?? 0) + records);
  }

  /** What was added since the last call, sorted by the names' UTF-8 bytes. */
  take(): DriftCount[] {
    const counts = Array.from(this.#records, ([key, records]) => ({ key, types: ['string'], records }));
    this.#records = new Map();
    return counts.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
  }
}
