import type { RunEvent } from '../events.ts';

/** Drift is judged over the first units that together have so many records, or over as many as come. */
const JUDGED_RECORDS = 100_000;
/** From this on, so that a handful of odd records at the start says nothing yet. */
const FIRST_JUDGED_RECORDS = 1000;
const WARN_OVER_SHARE = 0.01;

/** Looks at what the first units drifted and warns once, while a better schema still saves the most. */
export class DriftWatch {
  readonly #records = new Map<string, number>();
  #read = 0;
  #ended = false;

  /** The warning, the first time that a key drifts in more than 1 % of the records so far. */
  see(event: RunEvent): string | undefined {
    if (event.kind !== 'committed' || this.#ended) return undefined;
    this.#read += event.records;
    if (event.drift) {
      const { key, records } = event.drift;
      this.#records.set(key, (this.#records.get(key) ?? 0) + records);
    }
    if (this.#read < FIRST_JUDGED_RECORDS) return undefined;
    const worst = [...this.#records].reduce((a, b) => (b[1] > a[1] ? b : a), ['', 0]);
    const share = worst[1] / this.#read;
    this.#ended = share > WARN_OVER_SHARE || this.#read >= JUDGED_RECORDS;
    if (share <= WARN_OVER_SHARE) return undefined;
    return (
      `in ${(share * 100).toFixed(1)} % of the first ${this.#read} records ${JSON.stringify(worst[0])} does not fit ` +
      'the schema: see what winnow inspect schema prints, and give a better one with --schema and another --output'
    );
  }
}
