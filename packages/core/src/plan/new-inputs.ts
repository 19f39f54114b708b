import type { InputOutcome } from '../shapes/generation.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { StoredObject } from '../storage/storage.ts';
import { compareKeys } from '../key-order.ts';

/**
 * What a further generation has to do: the inputs that no earlier one wrote. Both sequences stand in key order.
 *
 * | listed | written before       | becomes                                   |
 * |--------|----------------------|-------------------------------------------|
 * | yes    | no, or unread        | planned                                   |
 * | yes    | yes, the same pin    | nothing: it is done                       |
 * | yes    | yes, another pin     | refused as `changed`                      |
 * | no     | yes                  | nothing: what was written stays           |
 */
export async function* newInputs(
  listed: AsyncIterable<StoredObject>,
  written: AsyncIterable<InputOutcome>,
): AsyncGenerator<PlannedInput> {
  const earlier = written[Symbol.asyncIterator]();
  try {
    let next = await earlier.next();
    for await (const object of listed) {
      while (!next.done && compareKeys(next.value.key, object.key) < 0) next = await earlier.next();
      const before = !next.done && next.value.key === object.key ? next.value : undefined;
      if (!before || before.outcome === 'unread') yield object;
      else if (before.size !== object.size || before.pin !== object.pin)
        yield { ...object, refuse: 'changed' };
    }
  } finally {
    await earlier.return?.();
  }
}
