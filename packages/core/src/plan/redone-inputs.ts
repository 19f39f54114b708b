import type { InputOutcome } from '../shapes/generation.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { Storage } from '../storage/storage.ts';
import { orderedAhead } from '../ledger/ordered-ahead.ts';
import { againInMirror, type NewInputsOptions } from './new-inputs.ts';

/** Inputs that are looked up at once. */
const LOOK_UPS = 64;

/**
 * Inputs of which a redrive in the layout `mirror` writes the outputs anew: each must be there as it was read before, for what
 * is mended has its place by that.
 *
 * | in the source     | becomes                                                             |
 * |-------------------|---------------------------------------------------------------------|
 * | the same pin      | planned under its name, replacing its output                        |
 * | another pin       | refused as `changed`: the next `winnow run` replaces its output     |
 * | not there         | refused as `vanished`                                               |
 */
export function redoneInputs(
  source: Storage,
  outcomes: AsyncIterable<InputOutcome>,
  options: Omit<NewInputsOptions, 'layout'>,
): AsyncGenerator<PlannedInput> {
  const plan = async (before: InputOutcome): Promise<PlannedInput> => {
    const { key, size, pin } = before;
    const found = await source.stat(key);
    if (found === undefined) return { key, size, pin, refuse: 'vanished' };
    if (found.size !== size || found.pin !== pin)
      return { key, size: found.size, pin: found.pin, refuse: 'changed' };
    return againInMirror({ key, size, pin }, before, options);
  };
  return orderedAhead(outcomes, LOOK_UPS, plan);
}
