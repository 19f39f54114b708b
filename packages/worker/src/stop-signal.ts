import { WinnowError } from '@winnow/core';

/** Thrown where work stops because somebody asked for it. */
export class Stopped extends WinnowError {
  readonly why: 'interrupted' | 'cancelled';
  constructor(why: 'interrupted' | 'cancelled') {
    super(why === 'interrupted' ? 'interrupted by a signal' : 'the run was cancelled');
    this.why = why;
  }
}

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
