import { describe, expect, test } from '@jest/globals';
import type { ValueType } from '@winnow/kernel';
import { readSchema } from '../../src/schema/read-schema.ts';
import { MAX_TYPE_DEPTH } from '../../src/schema/reading.ts';
import { typeText } from '../../src/schema/schema-text.ts';
import { parseSpec } from '../../src/spec/parse-spec.ts';
import type { SpecInput } from '../../src/spec/spec.ts';
import { SpecError } from '../../src/spec/problems.ts';
import { parseOrderedYaml } from '../../src/spec/yaml-text.ts';

const parsed = (yaml: string): unknown => parseOrderedYaml(yaml, 'it', '');

/** The type of the column `a` in `columns: {a: …}`. */
function typeOf(yaml: string): ValueType | undefined {
  const { columns, problems } = readSchema(parsed(`columns:\n  a: ${yaml}`));
  expect(problems).toEqual([]);
  const { name, ...type } = columns[0] ?? { name: '' };
  expect(name).toBe('a');
  return type as ValueType;
}

/** What a spec with this schema is refused for, a line each. */
function linesOf(yaml: string): string[] {
  try {
    parseSpec({ source: 'in', schema: parsed(yaml) as object });
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ message, hint }) => (hint === undefined ? message : `${message}: ${hint}`));
  }
  return [];
}

const ONE_OF =
  'must be one of text, int64, double, boolean, json, date, timestamp, datetime, decimal(18,2), {struct: {name: type}}, {list: type}, {map: type}';
const DECIMAL = 'must be decimal(precision,scale), precision from 1 to 38, scale from 0 to precision';

describe('a type', () => {
  test.each<[string, ValueType]>([
    ['text', { type: 'text' }],
    ['datetime', { type: 'datetime' }],
    ['"int64"', { type: 'int64' }],
    ['decimal(18,2)', { type: 'decimal', precision: 18, scale: 2 }],
    ['decimal( 38 , 38 )', { type: 'decimal', precision: 38, scale: 38 }],
    ['decimal(1,0)', { type: 'decimal', precision: 1, scale: 0 }],
    ['{list: text}', { type: 'list', element: { type: 'text' } }],
    ['{map: {list: json}}', { type: 'map', value: { type: 'list', element: { type: 'json' } } }],
    [
      '{struct: {b: int64, 1: {map: date}, _rest: text}}',
      {
        type: 'struct',
        fields: [
          { name: 'b', type: 'int64' },
          { name: '1', type: 'map', value: { type: 'date' } },
          { name: '_rest', type: 'text' },
        ],
      },
    ],
  ])('%s', (yaml, type) => {
    expect(typeOf(yaml)).toEqual(type);
  });

  test.each([
    ['varchar', 'text'],
    ['VARCHAR(20)', 'text'],
    ['string', 'text'],
    ['bigint', 'int64'],
    ['integer', 'int64'],
    ['Int', 'int64'],
    ['float', 'double'],
    ['number', 'double'],
    ['bool', 'boolean'],
    ['timestamptz', 'timestamp'],
    ['decimal', 'decimal(18,2)'],
    ['numeric(10,3)', 'decimal(10,3)'],
    ['list', '{list: type}'],
    ['object', 'json'],
    ['record', '{struct: {name: type}}'],
    ['txet', 'text'],
    ['timestmp', 'timestamp'],
  ])('%s is refused: did you mean %s?', (foreign, ours) => {
    expect(linesOf(`columns: {a: "${foreign}"}`)).toEqual([
      `schema.columns.a ${ONE_OF}, got ${foreign}: did you mean ${ours}?`,
    ]);
  });

  test.each([
    ['columns: {a: whatever}', [`schema.columns.a ${ONE_OF}, got whatever`]],
    ['columns: {a: }', [`schema.columns.a ${ONE_OF}, got null`]],
    ['columns: {a: 7}', [`schema.columns.a ${ONE_OF}, got 7`]],
    ['columns: {a: [text]}', [`schema.columns.a ${ONE_OF}, got ["text"]`]],
    ['columns: {a: {}}', [`schema.columns.a ${ONE_OF}, got {}`]],
    [
      'columns: {a: {list: text, map: text}}',
      [`schema.columns.a ${ONE_OF}, got {"list":"text","map":"text"}`],
    ],
    ['columns: {a: {array: text}}', [`schema.columns.a ${ONE_OF}, got {"array":"text"}`]],
    ['columns: {actor: {struct: {id: strnig}}}', [`schema.columns.actor.struct.id ${ONE_OF}, got strnig`]],
    ['columns: {a: {list: {map: x}}}', [`schema.columns.a.list.map ${ONE_OF}, got x`]],
    [
      'columns: {a: {struct: {}}}',
      ['schema.columns.a.struct must map at least one field to its type, got {}'],
    ],
    [
      'columns: {a: {struct: [b]}}',
      ['schema.columns.a.struct must map at least one field to its type, got ["b"]'],
    ],
    ['columns: {a: "decimal(39,2)"}', [`schema.columns.a ${DECIMAL}, got decimal(39,2)`]],
    ['columns: {a: "decimal(2,3)"}', [`schema.columns.a ${DECIMAL}, got decimal(2,3)`]],
    ['columns: {a: "decimal(0,0)"}', [`schema.columns.a ${DECIMAL}, got decimal(0,0)`]],
    ['columns: {a: "decimal(5)"}', [`schema.columns.a ${DECIMAL}, got decimal(5)`]],
    [
      'columns: {a: decimal(5,2)}',
      [
        `schema.columns.a ${DECIMAL}, got decimal(5: between braces write it in quotes, "decimal(18,2)"`,
        `schema.columns.2) ${ONE_OF}, got null`,
      ],
    ],
    ['columns: {}', ['schema.columns must map names of columns to types, got {}']],
    ['columns:', ['schema.columns must map names of columns to types, got null']],
    ['columns: [a]', ['schema.columns must map names of columns to types, got ["a"]']],
    ['columns: {"": text}', ['schema.columns must not hold an empty name']],
    ['columns: {a: {struct: {"": text}}}', ['schema.columns.a.struct must not hold an empty name']],
    ['columns: {_rest: text}', ['schema.columns must not hold _rest, which keeps what fits no column']],
    ['columns: {"\\ud800": text}', ['schema.columns must not hold "\\ud800", half of a surrogate pair']],
    ['{}', ['schema must be of the form columns: {name: type}, or a JSON Schema, got {}']],
    ['[]', ['schema must be of the form columns: {name: type}, or a JSON Schema, got []']],
    ['a: text', ['schema holds unknown keys (a): write columns: {name: type}']],
    [
      'columns: {a: {struct: {b: x1, c: {list: x2}}}, d: x3}',
      [
        `schema.columns.a.struct.b ${ONE_OF}, got x1`,
        `schema.columns.a.struct.c.list ${ONE_OF}, got x2`,
        `schema.columns.d ${ONE_OF}, got x3`,
      ],
    ],
  ])('%s is refused', (yaml, lines) => {
    expect(linesOf(yaml)).toEqual(lines);
  });

  test('may stand in others up to a depth, and no deeper', () => {
    const nested = (levels: number): string =>
      `columns: {a: ${'{list: '.repeat(levels - 1)}text${'}'.repeat(levels - 1)}}`;
    expect(linesOf(nested(MAX_TYPE_DEPTH))).toEqual([]);
    expect(linesOf(nested(MAX_TYPE_DEPTH + 1))).toEqual([
      `schema.columns.a${'.list'.repeat(MAX_TYPE_DEPTH)} stands too deep: types are nested at most 32 levels`,
    ]);
  });

  test('may not hold itself, however YAML lets it', () => {
    const lines = linesOf('columns: {a: &a {struct: {b: *a, c: *a}}}');
    expect(lines).toHaveLength(20);
    expect(lines[0]).toMatch(/stands too deep/);
    expect(linesOf('columns: {a: &a {b: *a}}')).toEqual([
      `schema.columns.a ${ONE_OF}, got a value that holds itself`,
    ]);
  });
});

test('columns of an object of a program are read as well, and a Map keeps their order', () => {
  const columns = new Map<string, string>([
    ['b', 'text'],
    ['1', 'int64'],
  ]);
  expect(readSchema({ columns }).columns.map(({ name }) => name)).toEqual(['b', '1']);
  expect(readSchema({ columns: { a: { list: 'text' } } }).columns).toEqual([
    { name: 'a', type: 'list', element: { type: 'text' } },
  ]);
});

test('a program gives either form, by its types too', () => {
  const inputs: SpecInput[] = [
    { source: 'in', schema: { columns: { a: { list: { struct: { b: 'decimal(5,2)' } } } } } },
    { source: 'in', schema: { columns: new Map([['a', 'text']]) } },
    {
      source: 'in',
      schema: { type: 'object', properties: { a: { type: 'array', items: { type: 'string' } } } },
    },
  ];
  const types = inputs.map((input) => parseSpec(input).schema?.columns.map(typeText));
  expect(types).toEqual([['{list: {struct: {b: "decimal(5,2)"}}}'], ['text'], ['{list: text}']]);
});
