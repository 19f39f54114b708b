import { expect, test } from '@jest/globals';
import { Visibility } from '../../src/moto-gaps/visibility.ts';

const seenBy = (visibility: Visibility, ...ids: string[]): string[] =>
  visibility.look(ids.map((jobId) => ({ jobId }))).map(({ jobId }) => jobId);

test('so many looks at each job do not see it, nor its children', () => {
  const visibility = new Visibility(2);
  expect(seenBy(visibility, 'a')).toEqual([]);
  expect(seenBy(visibility, 'a:0', 'a:1', 'b')).toEqual([]);
  expect(seenBy(visibility, 'a', 'b')).toEqual(['a']);
  expect(seenBy(visibility, 'a:1', 'b')).toEqual(['a:1', 'b']);
});

test('with none every look sees all', () => {
  expect(seenBy(new Visibility(0), 'a', 'b:1')).toEqual(['a', 'b:1']);
});
