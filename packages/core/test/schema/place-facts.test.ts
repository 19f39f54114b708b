import { expect, test } from '@jest/globals';
import { SchemaInference } from '../../src/schema/infer.ts';
import { placeFacts, type PlaceFacts } from '../../src/schema/place-facts.ts';

function factsOf(record: object): PlaceFacts[] {
  const inference = new SchemaInference();
  inference.addLine(JSON.stringify(record));
  return placeFacts(inference.columns(), inference.seen);
}

const objectOf = (keys: number): object =>
  Object.fromEntries(Array.from({ length: keys }, (_, n) => [`k${n}`, n]));

test('places below structs and lists are told, and why an object stays JSON', () => {
  const deep = (levels: number): unknown => (levels === 0 ? [1] : [deep(levels - 1)]);
  const facts = factsOf({
    ...{ actor: { id: 1, tags: ['a', 'b'] }, wide: objectOf(201), empty: {}, deep: deep(9) },
    ...{ '/s': { 'a/b~c': 1 }, many: [1, 2, 3, 4, 5, 6].map((n) => ({ [n]: objectOf(200) })) },
    mixed: [1, {}],
  });
  expect(facts.map(({ place, note }) => (note === undefined ? place : `${place}: ${note}`))).toEqual([
    'actor',
    '/actor/id',
    '/actor/tags',
    '/actor/tags/*',
    'wide: more than 200 keys',
    'empty: all empty',
    ...Array.from({ length: 8 }, (_, n) => (n === 0 ? 'deep' : `/deep${'/*'.repeat(n)}`)),
    `/deep${'/*'.repeat(8)}: nested deeper than 8 levels`,
    '/~1s',
    '/~1s/a~1b~0c',
    'many: more than 1000 nested places',
    'mixed',
    '/mixed/*',
  ]);
  expect(facts.find(({ place }) => place === '/actor/tags/*')).toEqual({
    place: '/actor/tags/*',
    type: 'text',
    values: [{ kind: 'string', count: 2, example: '"a"' }],
  });
});

test('a schema that was given has facts where the sample has values, of its own types', () => {
  const inference = new SchemaInference();
  inference.addLine('{"a":{"x":1,"y":[2]},"b":"2024-01-01","c":{"k":1}}');
  const places = placeFacts(
    [
      { name: 'none', type: 'text' },
      { name: 'b', type: 'date' },
      { name: 'c', type: 'map', value: { type: 'int64' } },
      {
        name: 'a',
        type: 'struct',
        fields: [
          { name: 'y', type: 'list', element: { type: 'decimal', precision: 5, scale: 0 } },
          { name: 'z', type: 'text' },
        ],
      },
    ],
    inference.seen,
  );
  expect(places.map(({ place, type }) => `${place} ${type}`)).toEqual([
    'b date',
    'c map',
    'a struct',
    '/a/y list',
    '/a/y/* decimal',
  ]);
});
