import { describe, expect, test } from '@jest/globals';
import type { Column } from '@winnow/kernel';
import fc from 'fast-check';
import { readSchema } from '../../src/schema/read-schema.ts';
import { schemaText, typeText } from '../../src/schema/schema-text.ts';
import { parseOrderedYaml, parseYaml } from '../../src/spec/yaml-text.ts';
import { arbitraryColumns } from './arbitrary-columns.ts';

const read = (text: string) => readSchema(parseOrderedYaml(text, 'it', ''));

const COLUMNS: Column[] = [
  { name: 'id', type: 'int64' },
  { name: 'paid', type: 'decimal', precision: 18, scale: 2 },
  {
    name: 'actor',
    type: 'struct',
    fields: [
      { name: 'login', type: 'text' },
      { name: 'on', type: 'list', element: { type: 'date' } },
    ],
  },
  { name: 'labels', type: 'map', value: { type: 'struct', fields: [{ name: 'value', type: 'text' }] } },
];

describe('columns as text', () => {
  test('stand a name and its type a line, nested ones indented, with comments beside them', () => {
    const comments: Record<string, string> = { id: 'first', 'actor on *': 'a day', labels: 'two\nlines' };
    expect(schemaText(COLUMNS, (path) => comments[path.join(' ')])).toBe(
      [
        'columns:',
        '  id: int64 # first',
        '  paid: decimal(18,2)',
        '  actor:',
        '    struct:',
        '      login: text',
        '      "on":',
        '        list: date # a day',
        '  labels: # two\\u000alines',
        '    map:',
        '      struct:',
        '        value: text',
        '',
      ].join('\n'),
    );
  });

  test('of none are an empty mapping', () => {
    expect(schemaText([])).toBe('columns: {}\n');
  });

  test('read again are the same columns, whatever their names and the comments', () => {
    fc.assert(
      fc.property(arbitraryColumns, fc.string({ unit: 'binary' }), (columns, comment) => {
        const text = schemaText(columns, (path) => `${comment}${path.join('.')}`);
        expect(read(text)).toEqual({ columns, problems: [] });
        expect(schemaText(read(text).columns)).toBe(schemaText(columns));
      }),
    );
  });

  test('each in one line, between braces, too', () => {
    fc.assert(
      fc.property(arbitraryColumns, (columns) => {
        const text = typeText({ type: 'struct', fields: columns });
        expect(text).not.toContain('\n');
        const [column] = read(`columns: {a: ${text}}`).columns;
        expect(column).toEqual({ name: 'a', type: 'struct', fields: columns });
      }),
    );
  });

  test('are read by plain YAML, which only puts whole numbers first', () => {
    expect(readSchema(parseYaml(schemaText(COLUMNS), 'it', ''))).toEqual({ columns: COLUMNS, problems: [] });
    const text = 'columns: {b: text, 1: text}';
    expect(read(text).columns.map(({ name }) => name)).toEqual(['b', '1']);
  });
});
