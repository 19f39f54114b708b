import type { Column, ValueType } from '@winnow/kernel';
import fc from 'fast-check';
import { PLAIN_TYPES } from '../../src/shapes/column.ts';

/** Names as keys of JSON can be: of any text, and such as YAML takes for something else. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('a', 'id', 'user_id', 'x-y', 'a b', '1', '10', '02', '1.0', '-1', '1e3', '.nan', '.inf'),
  fc.constantFrom(
    'null',
    '~',
    'true',
    'yes',
    'No',
    'y',
    '<<',
    '=',
    '-',
    '?',
    '? a',
    ': ',
    'a:',
    'a: b',
    '#a',
  ),
  fc.constantFrom('a #b', '&a', '*a', '!a', '!!str', '|', '>', '%', '@', '`', '[', ']', '{', '}', ',', ' a'),
  fc.constantFrom('a ', '"', "'", '\\', '\n', '\r\n', '\t', '\0', '\x7f', '\x85', '\u2028', '\ufeff', '/a~b'),
  fc.constantFrom(
    '2001-12-14',
    '0x1f',
    '---',
    '...',
    '__proto__',
    'constructor',
    'decimal(1,1)',
    '😀',
    '\uffff',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }).filter((name) => name.isWellFormed()),
  fc.constantFrom('x', '"', '\n', 'é').map((letter) => letter.repeat(1500)),
);

const plain: fc.Arbitrary<ValueType> = fc.oneof(
  fc.constantFrom(...PLAIN_TYPES).map((type): ValueType => ({ type })),
  fc
    .integer({ min: 1, max: 38 })
    .chain((precision) =>
      fc
        .integer({ min: 0, max: precision })
        .map((scale): ValueType => ({ type: 'decimal', precision, scale })),
    ),
);

const { type: types } = fc.letrec<{ type: ValueType; fields: Column[] }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    plain,
    tie('fields').map((fields): ValueType => ({ type: 'struct', fields })),
    tie('type').map((element): ValueType => ({ type: 'list', element })),
    tie('type').map((value): ValueType => ({ type: 'map', value })),
  ),
  fields: fieldsOf(names, tie('type')),
}));

function fieldsOf(named: fc.Arbitrary<string>, type: fc.Arbitrary<ValueType>): fc.Arbitrary<Column[]> {
  return fc.uniqueArray(
    fc.tuple(named, type).map(([name, of]): Column => ({ name, ...of })),
    { selector: ({ name }) => name, minLength: 1, maxLength: 5 },
  );
}

/** Columns of all types, nested at will. */
export const arbitraryColumns: fc.Arbitrary<Column[]> = fieldsOf(
  names.filter((name) => name !== '_rest'),
  types,
);
