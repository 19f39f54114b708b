import type { Refusal } from '../shapes/refusal.ts';
import type { PartFact } from '../shapes/receipt.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { LedgerEntry } from './entries.ts';

/** What became of an input: all of it committed, refused from somewhere on or before its first byte, or not done yet. */
export interface InputState {
  readonly input: PlannedInput;
  readonly state: 'done' | 'refused' | 'unread' | 'open';
  /** In the layout `mirror`: its output, where one was written. */
  readonly part?: PartFact | undefined;
}

/**
 * Turns a ledger's entries into what became of each input. The ranges of one input are consecutive units, so the last
 * input is held back until the next unit shows that it has no more of them.
 */
export class InputFold {
  #held: InputState | undefined;

  add({ unit, receipts, committed }: LedgerEntry): InputState[] {
    const refusals = new Map(
      receipts.flatMap(({ refused }) =>
        refused.flatMap((refusal) => (refusal.run === undefined ? [[refusal.input, refusal] as const] : [])),
      ),
    );
    const parts = new Map(
      receipts.flatMap((receipt) => receipt.parts.map((part) => [part.input, part] as const)),
    );
    // Something of an input that is cut up may have been written although this share of it was not.
    const mayBeUnread = unit.range === undefined && receipts.length === 1;
    const states = unit.inputs.map((input): InputState => {
      const refusal = refusals.get(input.key);
      const part = parts.get(input.key);
      if (!committed) return { input, state: 'open' };
      if (refusal === undefined) return { input, state: 'done', part };
      return { input, state: mayBeUnread && isUnread(refusal) ? 'unread' : 'refused', part };
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

/** Not there, or not to be had, when its turn came: nothing about its bytes was found wrong. */
export const isUnread = ({ offset, reason }: Refusal): boolean =>
  offset === 0 && ['vanished', 'changed', 'denied', 'unreadable'].includes(reason);

function worse(a: InputState, b: InputState): InputState {
  if (a.state === 'open') return a;
  return b.state === 'done' ? a : b;
}
