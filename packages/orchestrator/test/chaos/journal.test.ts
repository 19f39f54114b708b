import { expect, test } from '@jest/globals';
import { commitLine, committedBy, faultLine, sumJournal } from './journal.ts';

test('a journal gives the faults by kind and what was committed twice', () => {
  const text = [
    faultLine('sync', 'EIO', '/a'),
    commitLine(0, 0),
    faultLine('sync', 'EIO', '/b'),
    commitLine(0, 1),
    commitLine(0, 0),
    faultLine('link', 'slow', '/c'),
    commitLine(0, 0, 77),
    commitLine(0, 1, 77),
    commitLine(0, 2, 78),
    commitLine(0, 2),
    commitLine(0, 2, 79),
    'fault',
  ].join('');
  // Two late writers came to what stood, one of them twice; one was first, and met nobody.
  expect(sumJournal(text)).toEqual({ faults: { 'sync EIO': 2, 'link slow': 1 }, redone: 5, met: 2 });
  expect(sumJournal('')).toEqual({ faults: {}, redone: 0, met: 0 });
});

test('of what a worker prints only its commits are heard', () => {
  const event = { level: 'info', event: 'committed', shard: 3, unit: 7, sub: 2, last: true, records: 5 };
  expect(committedBy(`${JSON.stringify(event)}\n`)).toEqual({ unit: 7, sub: 2 });
  expect(committedBy('{"event":"shard-started","shard":3}\n')).toBeUndefined();
});
