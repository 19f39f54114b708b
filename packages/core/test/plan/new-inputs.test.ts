import { describe, expect, test } from '@jest/globals';
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
  const found = newInputs(stream(...now), stream(...before.map(written)), {
    layout: 'parts',
    standing: () => Promise.reject(new Error('parts are never replaced')),
  });
  expect(await Array.fromAsync(found)).toEqual(expected);
});

describe('in the layout mirror', () => {
  const [H0, H1] = ['0'.repeat(64), '1'.repeat(64)];
  const done = { ...listed('a'), outcome: 'done', runId: 'r', output: 'a.json', sha256: H0 } as const;
  const unread = {
    ...listed('a'),
    outcome: 'unread',
    runId: 'r',
    output: 'a.json',
    unsettled: true,
  } as const;
  const nameless = { ...listed('a'), outcome: 'refused', runId: 'r' } as const;
  const again = { ...listed('a'), output: 'a.json' };
  const changed = { ...listed('a', '2'), output: 'a.json' };
  test.each<[string, string, InputOutcome | undefined, string | undefined, unknown]>([
    ['never seen: it gets its name in the plan', '1', undefined, undefined, listed('a')],
    ['the same pin: done', '1', done, undefined, undefined],
    ['another pin: its output is replaced', '2', done, undefined, { ...changed, replaces: H0 }],
    [
      'another pin, refused in part before',
      '2',
      { ...done, outcome: 'refused' },
      undefined,
      { ...changed, replaces: H0 },
    ],
    ['unread, and nothing stands there', '1', unread, undefined, again],
    ['unread, and an attempt left something', '1', unread, H1, { ...again, replaces: H1 }],
    [
      'unsettled: what stands there is replaced, whatever it is',
      '2',
      { ...done, unsettled: true },
      H1,
      { ...changed, replaces: H1 },
    ],
    [
      'unsettled, and the input as it was once',
      '1',
      { ...done, unsettled: true },
      H1,
      { ...again, replaces: H1 },
    ],
    ['refused for want of a name: done', '1', nameless, undefined, undefined],
    [
      'refused for want of a name and changed: a name is looked for again',
      '2',
      nameless,
      undefined,
      listed('a', '2'),
    ],
    [
      'unsettled, then damaged from its first byte, and the same: done',
      '1',
      { ...done, outcome: 'refused', unsettled: true },
      H1,
      undefined,
    ],
  ])('%s', async (_title, pin, before, standing, expected) => {
    const found = newInputs(stream(listed('a', pin)), before ? stream(before) : stream<InputOutcome>(), {
      layout: 'mirror',
      standing: (output) => Promise.resolve(output === 'a.json' ? standing : 'another was asked for'),
    });
    expect(await Array.fromAsync(found)).toEqual(expected === undefined ? [] : [expected]);
  });

  test('named in a list but not there: refused, and no name is asked for', async () => {
    const gone = { ...listed('a', '', 0), refuse: 'vanished' } as const;
    const found = newInputs(stream(gone), stream<InputOutcome>(done), {
      layout: 'mirror',
      standing: () => Promise.reject(new Error('nothing is to be replaced')),
    });
    expect(await Array.fromAsync(found)).toEqual([gone]);
  });
});
