import type { InputOutcome } from '../shapes/generation.ts';
import type { Frozen } from '../shapes/run.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { StoredObject } from '../storage/storage.ts';
import { compareKeys } from '../key-order.ts';

/** An input of a listing, which may say already that it cannot be read. */
type ListedInput = StoredObject & Pick<PlannedInput, 'refuse'>;

/** What a further generation has to do with an input of the listing, or undefined where there is nothing to do. */
type Rule = (
  listed: ListedInput,
  before: InputOutcome | undefined,
) => PlannedInput | undefined | Promise<PlannedInput | undefined>;

export interface NewInputsOptions {
  readonly layout: Frozen['layout'];
  /** The SHA-256 of what stands under the key of an output, undefined where nothing does. */
  readonly standing: (output: string) => Promise<string | undefined>;
  /** Whether the output of an input last looked at by that run cannot have its name any more. */
  readonly isSwept?: ((output: string, runId: string) => boolean) | undefined;
}

/**
 * What a further generation has to do. Both sequences stand in key order.
 *
 * | listed | written before         | in `parts` becomes               | in `mirror` becomes                            |
 * |--------|------------------------|----------------------------------|------------------------------------------------|
 * | yes    | no                     | planned                          | planned, without a name yet                    |
 * | yes    | unread                 | planned                          | planned under its name                         |
 * | yes    | yes, the same pin      | nothing: it is done              | nothing: it is done                            |
 * | yes    | yes, another pin       | refused as `changed`             | planned under its name, replacing its output   |
 * | yes    | done, but unsettled    |                                  | the same, whatever its pin                     |
 * | no     | yes                    | nothing: what was written stays  | nothing: what was written stays                |
 *
 * In `mirror` an unread one whose output a sweep may be removing at this moment gets another name. What is to be replaced is
 * what a receipt lists; of an unsettled one it is what stands there now.
 */
export async function* newInputs(
  listed: AsyncIterable<ListedInput>,
  written: AsyncIterable<InputOutcome>,
  options: NewInputsOptions,
): AsyncGenerator<PlannedInput> {
  const rule: Rule =
    options.layout === 'parts' ? inParts : (object, before) => inMirror(object, before, options);
  const earlier = written[Symbol.asyncIterator]();
  try {
    let next = await earlier.next();
    for await (const object of listed) {
      while (!next.done && compareKeys(next.value.key, object.key) < 0) next = await earlier.next();
      const before = !next.done && next.value.key === object.key ? next.value : undefined;
      const planned = await rule(object, before);
      if (planned) yield planned;
    }
  } finally {
    await earlier.return?.();
  }
}

const isSame = (object: ListedInput, before: InputOutcome): boolean =>
  before.size === object.size && before.pin === object.pin;

const inParts: Rule = (object, before) => {
  if (!before || before.outcome === 'unread') return object;
  return isSame(object, before) ? undefined : { ...object, refuse: 'changed' };
};

async function inMirror(
  object: ListedInput,
  before: InputOutcome | undefined,
  options: NewInputsOptions,
): Promise<PlannedInput | undefined> {
  if (!before) return object;
  const { outcome, unsettled } = before;
  const again = outcome === 'unread' || (outcome === 'done' && unsettled === true);
  return !again && isSame(object, before) ? undefined : againInMirror(object, before, options);
}

/** An input that an earlier generation knows, planned once more in the layout `mirror`. */
export async function againInMirror(
  object: ListedInput,
  { output, sha256, unsettled, runId }: InputOutcome,
  { standing, isSwept }: Omit<NewInputsOptions, 'layout'>,
): Promise<PlannedInput> {
  if (object.refuse !== undefined || output === undefined || isSwept?.(output, runId)) return object;
  const replaces = unsettled === true ? await standing(output) : sha256;
  return { ...object, output, ...(replaces === undefined ? {} : { replaces }) };
}
