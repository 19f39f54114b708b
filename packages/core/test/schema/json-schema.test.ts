import { describe, expect, test } from '@jest/globals';
import type { Column, ValueType } from '@winnow/kernel';
import fc from 'fast-check';
import { readSchema } from '../../src/schema/read-schema.ts';
import { typeText } from '../../src/schema/schema-text.ts';
import { parseOrderedYaml } from '../../src/spec/yaml-text.ts';
import { arbitraryColumns } from './arbitrary-columns.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** A JSON Schema whose columns are exactly these; undefined for types that JSON Schema has not. */
function jsonSchemaOf(type: ValueType): object | undefined {
  switch (type.type) {
    case 'text':
      return { type: 'string' };
    case 'int64':
      return { type: ['null', 'integer'] };
    case 'double':
      return { anyOf: [{ type: 'number' }, { type: 'null' }] };
    case 'boolean':
      return { type: 'boolean' };
    case 'json':
      return {};
    case 'date':
      return { type: 'string', format: 'date' };
    case 'timestamp':
      return { type: 'string', format: 'date-time' };
    case 'list':
      return { type: 'array', items: jsonSchemaOf(type.element) };
    case 'map':
      return { type: 'object', additionalProperties: jsonSchemaOf(type.value) };
    case 'struct':
      return { type: 'object', properties: propertiesOf(type.fields) };
    default:
      return undefined;
  }
}

const propertiesOf = (columns: readonly Column[]): object =>
  new Map(columns.map((column) => [column.name, jsonSchemaOf(column)] as const));

/** As JSON text, maps as objects with their keys in order. */
function jsonText(value: unknown): string {
  if (value instanceof Map)
    return `{${[...value].map(([key, inner]) => `${JSON.stringify(key)}:${jsonText(inner)}`).join()}}`;
  if (Array.isArray(value)) return `[${value.map(jsonText).join()}]`;
  if (typeof value === 'object' && value !== null) return jsonText(new Map(Object.entries(value)));
  return JSON.stringify(value);
}

/** The same with text in the place of what JSON Schema has no type for. */
function representable(type: ValueType): ValueType {
  switch (type.type) {
    case 'decimal':
    case 'datetime':
      return { type: 'text' };
    case 'struct':
      return { type: 'struct', fields: type.fields.map(representableColumn) };
    case 'list':
      return { type: 'list', element: representable(type.element) };
    case 'map':
      return { type: 'map', value: representable(type.value) };
    default:
      return type;
  }
}

const representableColumn = (column: Column): Column => ({ name: column.name, ...representable(column) });

test('columns written as a JSON Schema are the same columns', () => {
  fc.assert(
    fc.property(
      arbitraryColumns.map((columns) => columns.map(representableColumn)),
      fc.boolean(),
      (columns, told) => {
        const schema = {
          ...(told ? { $schema: DRAFT } : {}),
          type: 'object',
          properties: propertiesOf(columns),
        };
        expect(readSchema(parseOrderedYaml(jsonText(schema), 'it', ''))).toEqual({
          columns,
          problems: [],
        });
      },
    ),
  );
});

/** The type of the property `a`. */
function typeOf(schema: unknown, definitions: object = {}): string {
  const { columns, problems } = readSchema({ type: 'object', properties: { a: schema }, ...definitions });
  expect(problems).toEqual([]);
  return columns.map(typeText).join();
}

const TREE = {
  type: 'object',
  properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/$defs/tree' } } },
};

describe('the type of a property', () => {
  test.each<[string, unknown, string]>([
    ['a string', { type: 'string' }, 'text'],
    ['a date', { type: 'string', format: 'date' }, 'date'],
    ['a moment', { type: 'string', format: 'date-time' }, 'timestamp'],
    ['another format', { type: 'string', format: 'email' }, 'text'],
    ['JSON in a string', { type: 'string', contentMediaType: 'application/json' }, 'text'],
    ['an integer', { type: 'integer', minimum: 0, default: 1 }, 'int64'],
    ['a number', { type: 'number' }, 'double'],
    ['a boolean', { type: 'boolean' }, 'boolean'],
    ['only null', { type: 'null' }, 'json'],
    ['a type or null', { type: ['string', 'null'] }, 'text'],
    ['a formatted type or null', { type: ['null', 'string'], format: 'date' }, 'date'],
    ['integers are numbers', { type: ['integer', 'number'] }, 'double'],
    ['mixed types', { type: ['string', 'integer'] }, 'json'],
    ['an unknown type', { type: 'file' }, 'json'],
    ['anything', {}, 'json'],
    ['anything, as true', true, 'json'],
    ['an enumeration of texts', { enum: ['a', null] }, 'text'],
    ['a constant', { const: 'a' }, 'text'],
    ['an enumeration of this and that', { enum: ['a', 1] }, 'json'],
    ['anyOf with null', { anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'int64'],
    ['oneOf with null', { oneOf: [{ type: 'null' }, { type: 'string', format: 'date' }] }, 'date'],
    ['anyOf of equals', { anyOf: [{ type: 'string', minLength: 1 }, { type: 'string' }] }, 'text'],
    ['anyOf of different ones', { anyOf: [{ type: 'integer' }, { type: 'string' }] }, 'json'],
    [
      'alternatives of the same type',
      { type: 'object', properties: { b: {} }, anyOf: [{ required: ['b'] }, { maxProperties: 1 }] },
      '{struct: {b: json}}',
    ],
    ['anyOf of null', { anyOf: [{ type: 'null' }] }, 'json'],
    ['allOf of one', { allOf: [{ type: 'integer' }], description: 'x' }, 'int64'],
    ['allOf of two', { allOf: [{ type: 'integer' }, { minimum: 1 }] }, 'json'],
    [
      'an object with properties',
      { type: 'object', properties: { b: { type: 'string' } }, required: ['b'], additionalProperties: false },
      '{struct: {b: text}}',
    ],
    ['properties without type', { properties: { b: { type: 'string' } } }, '{struct: {b: text}}'],
    ['an object with others', { type: 'object', additionalProperties: { type: 'number' } }, '{map: double}'],
    ['any object', { type: 'object' }, 'json'],
    ['any object, said so', { type: 'object', properties: {}, additionalProperties: true }, 'json'],
    ['an array', { type: 'array', items: { type: 'string' } }, '{list: text}'],
    ['an array of anything', { type: 'array', items: {} }, '{list: json}'],
    ['any array', { type: 'array' }, 'json'],
    ['a tuple', { type: 'array', items: [{ type: 'string' }] }, 'json'],
    ['a tuple of today', { type: 'array', prefixItems: [{}], items: { type: 'string' } }, 'json'],
  ])('%s', (_title, schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  test.each<[string, unknown, string]>([
    ['in $defs', { $ref: '#/$defs/id' }, 'int64'],
    ['in definitions', { $ref: '#/definitions/id' }, 'text'],
    ['with an odd name', { $ref: '#/$defs/a~1b%20c' }, 'date'],
    ['to a reference', { $ref: '#/$defs/again' }, 'int64'],
    [
      'used twice',
      { properties: { x: { $ref: '#/$defs/id' }, y: { $ref: '#/$defs/id' } } },
      '{struct: {x: int64, y: int64}}',
    ],
    ['beside null', { anyOf: [{ $ref: '#/$defs/id' }, { type: 'null' }] }, 'int64'],
    ['that holds itself', { $ref: '#/$defs/tree' }, '{struct: {name: text, children: {list: json}}}'],
    ['to itself', { $ref: '#/$defs/loop' }, 'json'],
    ['to the file', { type: 'array', items: { $ref: '#' } }, '{list: json}'],
  ])('a reference %s', (_title, schema, type) => {
    const $defs = {
      id: { type: 'integer' },
      'a/b c': { type: 'string', format: 'date' },
      again: { $ref: '#/$defs/id' },
      tree: TREE,
      loop: { $ref: '#/$defs/loop' },
    };
    expect(typeOf(schema, { $defs, definitions: { id: { type: 'string' } } })).toBe(type);
  });

  test('is found where the file is a reference, as generators write it', () => {
    const { columns, problems } = readSchema({
      $schema: DRAFT,
      $ref: '#/$defs/tree',
      $defs: { tree: TREE },
    });
    expect(problems).toEqual([]);
    expect(columns.map(({ name, ...type }) => [name, typeText(type)])).toEqual([
      ['name', 'text'],
      ['children', '{list: json}'],
    ]);
  });
});

test.each<[string, object, string[]]>([
  [
    'no object',
    { $schema: DRAFT, type: 'array', items: {} },
    [' must be a JSON Schema of an object with properties, or of the form columns: {name: type}'],
  ],
  [
    'an object without properties',
    { $schema: DRAFT, type: 'object', properties: {} },
    [' must be a JSON Schema of an object with properties, or of the form columns: {name: type}'],
  ],
  [
    'a reference to another file',
    { properties: { a: { items: { $ref: 'other.json#/x' } } } },
    ['properties.a.items.$ref must be a reference within the file, such as #/$defs/name'],
  ],
  [
    'a reference that leads nowhere',
    { $ref: '#/$defs/none', $defs: {} },
    ['$ref must be a reference within the file, such as #/$defs/name'],
  ],
  ['what is no schema', { properties: { a: 'text' } }, ['properties.a must be a JSON Schema']],
  [
    'names that no column may have',
    { properties: { '': {}, _rest: {}, b: { properties: { '': {}, _rest: {} } } } },
    [
      'properties must not hold an empty name',
      'properties must not hold _rest, which keeps what fits no column',
      'properties.b.properties must not hold an empty name',
    ],
  ],
])('%s is refused', (_title, schema, lines) => {
  const { problems } = readSchema(schema);
  expect(problems.map(({ path, rule }) => `${path.join('.')} ${rule}`)).toEqual(lines);
});

test('what comes to too many types is refused, however few lines it has', () => {
  const twice = (n: number): object => ({
    properties: { x: { $ref: `#/$defs/a${n - 1}` }, y: { $ref: `#/$defs/a${n - 1}` } },
  });
  const doubled = Array.from({ length: 17 }, (_, n): [string, object] => [`a${n + 1}`, twice(n + 1)]);
  const $defs = Object.fromEntries([['a0', {}], ...doubled]);
  const problems = (n: number) => readSchema({ $ref: `#/$defs/a${n}`, $defs }).problems;
  expect(problems(14)).toEqual([]);
  expect(problems(17)).toEqual([
    { path: [], rule: 'must hold at most 100000 types, with all that are nested' },
  ]);
});

test('nothing of it is followed for ever', () => {
  const schema = parseOrderedYaml('properties: {a: &a {allOf: [*a]}, b: &b {items: *b}}', 'it', '');
  const { problems } = readSchema(schema);
  expect(problems.map(({ rule }) => rule)).toEqual(['stands too deep: types are nested at most 32 levels']);
});
