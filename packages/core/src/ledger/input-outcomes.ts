import type { PlannedInput } from '../shapes/unit.ts';
import type { LedgerEntry } from './entries.ts';

/** What became of an input: all of it committed, refused wholly or from somewhere on, or not done yet. */
export interface InputState {
  readonly input: PlannedInput;
  readonly state: 'done' | 'refused' | 'open';
}

/**
 * Turns a ledger's entries into what became of each input. The ranges of one input are consecutive units, so the last
 * input is held back until the next unit shows that it has no more of them.
 */
export class InputFold {
  #held: InputState | undefined;

  add({ unit, receipts, committed }: LedgerEntry): InputState[] {
    const refused = new Set(receipts.flatMap((receipt) => receipt.refused.map((refusal) => refusal.input)));
    const states = unit.inputs.map((input): InputState => {
      if (!committed) return { input, state: 'open' };
      return { input, state: refused.has(input.key) ? 'refused' : 'done' };
    });
    const [first] = states;
    if (unit.range === undefined || first === undefined) return [...this.end(), ...states];
    if (this.#held?.input.key === first.input.key) {
      this.#held = worse(this.#held, first);
      return [];
    }
    const before = this.end();
    this.#held = first;
    return before;
  }

  /** The input held back, if any. */
  end(): InputState[] {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? [] : [held];
  }
}

function worse(a: InputState, b: InputState): InputState {
  if (a.state === 'open') return a;
  return b.state === 'done' ? a : b;
}
