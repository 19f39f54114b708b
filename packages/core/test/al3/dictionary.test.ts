import { describe, expect, test } from '@jest/globals';
import { STARTER_DICTIONARY } from '../../src/al3/dictionary/starter.ts';
import { loadDictionary } from '../../src/al3/dictionary/load.ts';
import { mergeDictionary } from '../../src/al3/dictionary/merge.ts';
import { SpecError } from '../../src/spec/problems.ts';

const load = (text: string, path = 'overrides.yaml') => loadDictionary({ overrides: { path, text } });
const elementsOf = (text: string, group: string, path?: string) =>
  load(text, path).dictionary.get(group)?.elements;

/** What is wrong with a file. */
function problems(text: string, path?: string): string[] {
  try {
    load(text, path);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ message }) => message);
  }
}

/** Overrides of 6TTI; the first element is on line 5. */
const truckers = (...lines: string[]): string =>
  [
    'schema:',
    '  groups:',
    '    - code: "6TTI"',
    '      elements:',
    ...lines.map((line) => `        ${line}`),
  ].join('\n');

describe('the starter dictionary', () => {
  test('breaks no rule of its own', () => {
    for (const [group, { name, elements }] of STARTER_DICTIONARY) {
      const written = elements.map((element) => ({ ...element, group, groupName: name, line: 1 }));
      expect(mergeDictionary(new Map(), written).problems).toEqual([]);
    }
  });

  test.each([
    ['5BPI', '11', { name: 'term_amount', start: 112, length: 12, type: 'S2' }],
    ['6CVA', '25', { name: 'expiration_date', start: 222, length: 8, type: 'DT8' }],
    ['9BIS', '55', { name: 'postal_code', start: 112, length: 9, type: 'AN' }],
    ['3MTG', '1', { name: 'total', start: 11, length: 8, type: 'N0' }],
  ])('%s has element %s', (group, number, expected) => {
    const found = STARTER_DICTIONARY.get(group)?.elements.find((one) => one.number === number);
    expect(found).toEqual({ number, ...expected });
  });

  test('has twenty pairs of standards and twenty omitted groups', () => {
    expect(STARTER_DICTIONARY.get('2TCG')?.elements.at(-1)).toEqual({
      ...{ name: 'version_20', start: 109, length: 2, type: 'AN' },
    });
    expect(STARTER_DICTIONARY.get('2GCG')?.elements.at(-2)).toMatchObject({ name: 'omitted_20', start: 87 });
  });
});

describe('overrides', () => {
  test('change the type and length of an element that is known', () => {
    const elements = elementsOf(truckers('- seq_num: "6"', '  data_type: "SN"', '  length: 8'), '6TTI');
    expect(elements?.at(-1)).toEqual({
      ...{ number: '6', name: 'trailer_value', start: 46, length: 8, type: 'SN' },
    });
    expect(elements).toHaveLength(6);
  });

  test('change its name, and its place', () => {
    const text = truckers('- seq_num: 06', '  name: value', '  start: 50', '- seq_num: 1', '  name: miles');
    expect(elementsOf(text, '6TTI')?.map(({ name, start }) => [name, start])).toEqual([
      ['miles', 31],
      ['radius_code', 35],
      ['days', 36],
      ['trailers', 39],
      ['zone', 44],
      ['value', 50],
    ]);
  });

  test('add elements and groups', () => {
    const text = `groups:
  - code: 5ZZZ
    name: oddities
    elements:
      - { seq_num: 1, start: 31, length: 10, data_type: an }
      - { seq_num: 2, start: 41, length: 6, data_type: DT6, name: short, twin: long }
      - { seq_num: 3, start: 47, length: 8, data_type: DT8, name: long }`;
    expect(load(text).dictionary.get('5ZZZ')).toEqual({
      ...{ group: '5ZZZ', name: 'oddities' },
      elements: [
        { number: '1', name: 'element_1', start: 31, length: 10, type: 'AN' },
        { number: '2', name: 'short', start: 41, length: 6, type: 'DT6', twin: 'long' },
        { number: '3', name: 'long', start: 47, length: 8, type: 'DT8' },
      ],
    });
  });

  test('leave what they do not name', () => {
    const { dictionary } = load(truckers('- seq_num: 6', '  length: 9'));
    expect(dictionary.get('5BPI')).toBe(STARTER_DICTIONARY.get('5BPI'));
  });

  test('come behind the dictionary of a user, whose groups take the place of ours', () => {
    const { dictionary } = loadDictionary({
      dictionary: {
        path: 'mine.csv',
        text: 'group,number,name,start,length,type\n5BPI,1,first,31,4,N0\n5BPI,7,short,81,6,DT6\n',
      },
      overrides: {
        path: 'overrides.yaml',
        text: 'groups: [{ code: 5BPI, elements: [{ seq_num: 1, data_type: AN }] }]',
      },
    });
    expect(dictionary.get('5BPI')?.elements).toEqual([
      { number: '1', name: 'first', start: 31, length: 4, type: 'AN' },
      { number: '7', name: 'short', start: 81, length: 6, type: 'DT6' },
    ]);
    expect(dictionary.get('5BIS')).toBe(STARTER_DICTIONARY.get('5BIS'));
  });

  test('tell of columns in no element', () => {
    expect(load(truckers('- seq_num: 6', '  start: 50')).gaps).toEqual([
      'overrides.yaml:5: 6TTI: columns 46 to 49 are in no element',
    ]);
  });
});

describe('what cannot be is named by its line', () => {
  test.each<[string, string, string]>([
    [
      'an unknown type',
      truckers('- seq_num: 6', '  data_type: S22'),
      '5: 6TTI element 6 has the unknown type S22: did you mean S2?',
    ],
    [
      'an overlap',
      truckers('- seq_num: 5', '  length: 3'),
      '5: 6TTI element 6 (columns 46 to 53) overlaps 6TTI element 5 (columns 44 to 46)',
    ],
    [
      'an overlap of what comes behind',
      truckers('- seq_num: 6', '  start: 45'),
      '5: 6TTI element 6 (columns 45 to 52) overlaps 6TTI element 5 (columns 44 to 45)',
    ],
    [
      'a length',
      truckers('- seq_num: 6', '  length: 0'),
      '6: length must be a whole number from 1 to 999, got 0',
    ],
    ['a key', truckers('- seq_num: 6', '  lenght: 4'), '6: unknown key lenght: known are'],
    [
      'a new element without its place',
      truckers('- seq_num: 77', '  length: 4'),
      '5: 6TTI element 77 needs start, type: no element of 6TTI has this number yet',
    ],
    [
      'an element given twice',
      truckers('- seq_num: 6', '  length: 7', '- seq_num: "06"'),
      '7: 6TTI element 6 is given again, line 5 has it',
    ],
    [
      'a date of a wrong length',
      truckers('- seq_num: 6', '  data_type: DT8', '  length: 6'),
      '5: 6TTI element 6 has type DT8, whose length is 8, got 6',
    ],
    [
      'a place in the header',
      truckers('- seq_num: 1', '  start: 30'),
      '5: 6TTI element 1 begins in the header: its columns are 1 to 30',
    ],
    [
      'a place behind any group',
      truckers('- seq_num: 6', '  start: 995'),
      '5: 6TTI element 6 ends behind column 999',
    ],
    [
      'a name of two',
      truckers('- seq_num: 6', '  name: zone'),
      '5: 6TTI element 6 has the name of another element',
    ],
    [
      'a twin that is none',
      truckers('- seq_num: 6', '  twin: other'),
      '5: 6TTI element 6 has the twin other, which is no element',
    ],
    [
      'a group',
      'groups:\n  - code: TTI\n    elements: []',
      '2: code must be a digit and three capital letters or digits, got TTI',
    ],
    ['a group without elements', 'groups:\n  - code: 6TTI', '2: 6TTI: elements, a list, is missing'],
    ['no groups', 'schema: 1', '1: groups, a list, is missing'],
    ['no YAML', 'groups:\n\t- x', '2: '],
  ])('%s', (_name, text, expected) => {
    const [first = '', ...others] = problems(text);
    expect(first).toContain(`overrides.yaml:${expected}`);
    expect(others).toEqual([]);
  });

  test('all of it at once', () => {
    const text = truckers('- seq_num: 6', '  data_type: X9', '- seq_num: 5', '  length: x');
    expect(problems(text).map((message) => message.slice(0, 18))).toEqual([
      'overrides.yaml:5: ',
      'overrides.yaml:8: ',
    ]);
  });
});

describe('a dictionary as a table', () => {
  test('has an element a line', () => {
    const text =
      '\ufeffGroup,Group Name,Element,Name,Start,Length,Type\r\n5ABC,abc,01,"name, ""quoted""",31,60,NM\r\n\r\n5ABC,,02,,91,4,n0';
    expect(load(text, 'Mine.CSV').dictionary.get('5ABC')).toEqual({
      ...{ group: '5ABC', name: 'abc' },
      elements: [
        { number: '1', name: 'name, "quoted"', start: 31, length: 60, type: 'NM' },
        { number: '2', name: 'element_2', start: 91, length: 4, type: 'N0' },
      ],
    });
  });

  test.each([
    ['a column', 'group,sort\n5ABC,1', '1: unknown column sort: known are'],
    ['no group', 'number,start\n1,31', '1: the column group is missing'],
    ['a group', 'group,number,start,length,type\n5ABC,1,31,4,N0\nABC,2,35,4,N0', '3: group must be'],
    ['cells', 'group,number\n6TTI,1,31', '2: has more cells than the header: 31'],
    [
      'a number',
      'group,number,start\n\n\n6TTI,1,-3',
      '4: start must be a whole number from 1 to 999, got -3',
    ],
    ['quotes', 'group,number\n6TTI,"1', '2: '],
    ['nothing', '', '1: the column group is missing'],
  ])('tells of %s', (_name, text, expected) => {
    expect(problems(text, 'mine.csv')[0]).toContain(`mine.csv:${expected}`);
  });
});
