import { describe, expect, test } from '@jest/globals';
import { groupLength, parseGroupHeader } from '../../src/al3/group-header.ts';
import { bytesOf, dataGroup, group } from './al3-text.ts';

describe('the first seven bytes of a group', () => {
  test.each([
    ['5BIS172', 172],
    ['1MHG010', 10],
    ['9A1B030', 30],
    ['5BIS999 more', 999],
    ['1MHG009', 0],
    ['5BIS029', 0],
    ['0BIS172', 0],
    ['5bis172', 0],
    ['5BIS17 ', 0],
    ['5BIS', 0],
    ['2026020', 0],
    ['52 S100', 0],
    ['', 0],
  ])('%j say a length of %i, 0 where they begin none', (text, length) => {
    expect(groupLength(bytesOf(text))).toBe(length);
  });
});

const faults = (text: string) =>
  parseGroupHeader(bytesOf(text)).faults.map(({ column, value }) => [column, value]);

describe('the header of a group', () => {
  test('names its place and its parent', () => {
    expect(parseGroupHeader(bytesOf(dataGroup('5BPI', 60, ['F10012', '5BISB10001'])))).toEqual({
      ...{ group: '5BPI', version: '1', level: 'F1', iteration: 12 },
      parent: { group: '5BIS', level: 'B1', iteration: 1 },
      faults: [],
    });
  });

  test.each(['', '??????????', '          '])('has no parent where its name is %j', (parent) => {
    expect(parseGroupHeader(bytesOf(dataGroup('5BIS', 60, ['B10001', parent]))).parent).toBeUndefined();
  });

  test('is short for digits 1 to 4: what would be a level is data', () => {
    const { level, version, parent } = parseGroupHeader(bytesOf(group('4ABC', 40, { 11: 'B10001' })));
    expect([level, version, parent]).toEqual([undefined, undefined, undefined]);
  });

  test('that is cut says what is there', () => {
    const whole = dataGroup('5BPI', 60, ['F10012', '5BISB10001']);
    const cut = [7, 11, 15, 16, 25, 26].map((length) => parseGroupHeader(bytesOf(whole.slice(0, length))));
    expect(
      cut.map(({ level, iteration, parent, faults }) => [level, iteration, parent?.group, faults]),
    ).toEqual([
      [undefined, undefined, undefined, []],
      [undefined, undefined, undefined, []],
      ['F1', undefined, undefined, []],
      ['F1', 12, undefined, []],
      ['F1', 12, undefined, []],
      ['F1', 12, '5BIS', []],
    ]);
  });

  test('tells what is no level and no iteration', () => {
    expect(faults(dataGroup('5BIS', 60, ['1BX001', '5BPIF1 001']))).toEqual([
      [11, '1B'],
      [13, 'X001'],
      [23, ' 001'],
    ]);
  });
});
