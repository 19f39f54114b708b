import type { LedgerNow } from '@winnow/core';

/** Units whose receipts were told of: by the ledger that a command began with, or since. One bit each. */
export class ToldUnits {
  readonly #before: LedgerNow['isCommitted'];
  readonly #since: Uint8Array;

  constructor(ledger: Pick<LedgerNow, 'isCommitted'>, units: number) {
    this.#before = ledger.isCommitted;
    this.#since = new Uint8Array(Math.ceil(units / 8));
  }

  has(unit: number): boolean {
    return this.#before(unit) || ((this.#since[unit >> 3] ?? 0) & (1 << (unit & 7))) !== 0;
  }

  add(unit: number): void {
    this.#since[unit >> 3] = (this.#since[unit >> 3] ?? 0) | (1 << (unit & 7));
  }
}
