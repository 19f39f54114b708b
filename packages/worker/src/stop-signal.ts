import { Stopped } from './ending.ts';

/** Remembers that somebody asked the process to end, until the work comes to a border where it can. */
export class StopSignal {
  #requested = false;

  get requested(): boolean {
    return this.#requested;
  }

  request(): void {
    this.#requested = true;
  }

  /** Throws {@link Stopped} when it was requested. */
  check(): void {
    if (this.#requested) throw new Stopped('interrupted');
  }
}
