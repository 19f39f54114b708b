import { expect, test } from '@jest/globals';
import { failureNotes } from '../../../src/cli/progress/failure-notes.ts';

test('says the first few of each kind, then that there are more, and no more', () => {
  const note = failureNotes();
  const fail = (shard: number, message: string, again = false): string | undefined =>
    note({ kind: 'shard-failed', shard, cause: 'bug', message, again });
  expect([0, 1, 2, 3, 4, 5].map((shard) => fail(shard, 'a'))).toEqual([
    'winnow: shard 0 failed (bug): a',
    'winnow: shard 1 failed (bug): a',
    'winnow: shard 2 failed (bug): a',
    'winnow: more shards failed (bug): a',
    undefined,
    undefined,
  ]);
  expect(fail(6, 'a', true)).toBe('winnow: shard 6 failed (bug): a: trying again');
  expect(fail(7, 'b')).toBe('winnow: shard 7 failed (bug): b');
});

test('however many messages there are', () => {
  const note = failureNotes();
  const lines = Array.from({ length: 1000 }, (_, shard) =>
    note({ kind: 'shard-failed', shard, cause: 'killed', message: `pid ${shard}`, again: false }),
  ).filter((line) => line !== undefined);
  expect(lines).toHaveLength(104);
});
