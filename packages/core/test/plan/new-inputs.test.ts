import { expect, test } from '@jest/globals';
import { newInputs } from '../../src/plan/new-inputs.ts';
import type { InputOutcome } from '../../src/shapes/generation.ts';
import type { StoredObject } from '../../src/storage/storage.ts';

async function* stream<T>(...items: T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}
const listed = (key: string, pin = '1', size = 5): StoredObject => ({ key, size, pin });
/** Done, or, with a `?` before its name, unread. */
const written = (name: string): InputOutcome => ({
  ...listed(name.replace('?', '')),
  outcome: name.startsWith('?') ? 'unread' : 'done',
  runId: '0000-00000000',
});

test.each<[string, StoredObject[], string[], unknown[]]>([
  ['nothing written before: all are new', [listed('a'), listed('b')], [], [listed('a'), listed('b')]],
  ['written with the same pin: done', [listed('a'), listed('b')], ['a', 'b'], []],
  [
    'new ones before, between and behind',
    [listed('a'), listed('b'), listed('c')],
    ['b'],
    [listed('a'), listed('c')],
  ],
  ['another pin: refused', [listed('a', '2')], ['a'], [{ ...listed('a', '2'), refuse: 'changed' }]],
  ['another size: refused', [listed('a', '1', 6)], ['a'], [{ ...listed('a', '1', 6), refuse: 'changed' }]],
  [
    'unread before: planned again',
    [listed('a', '2'), listed('u'), listed('v', '2')],
    ['a', '?u', '?v'],
    [{ ...listed('a', '2'), refuse: 'changed' }, listed('u'), listed('v', '2')],
  ],
  ['gone from the listing: nothing to do', [listed('b')], ['a', 'b', 'c'], []],
])('%s', async (_title, now, before, expected) => {
  const found = await Array.fromAsync(newInputs(stream(...now), stream(...before.map(written))));
  expect(found).toEqual(expected);
});
