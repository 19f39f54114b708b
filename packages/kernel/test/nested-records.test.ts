import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Column, DriftPolicy } from '../src/column.ts';
import { Kernel } from '../src/kernel.ts';
import { readAll } from './read-all.ts';
import { readLines } from './read-lines.ts';
import { optionsOf, POLICIES } from './reader-options.ts';

const kernel = new Kernel();
const read = (columns: readonly Column[], drift: DriftPolicy, lines: readonly string[]) =>
  readLines(kernel, columns, drift, lines);

const STRUCT: Column = {
  name: 's',
  type: 'struct',
  fields: [
    { name: 'a', type: 'int64' },
    { name: 'b', type: 'text' },
  ],
};

const HARMED: readonly Column[] = [
  STRUCT,
  {
    name: 'l',
    type: 'list',
    element: {
      type: 'struct',
      fields: [
        { name: 'b', type: 'boolean' },
        { name: 't', type: 'text' },
      ],
    },
  },
  { name: 'm', type: 'map', value: { type: 'list', element: { type: 'date' } } },
  {
    name: 'd',
    type: 'struct',
    fields: [{ name: 'in', type: 'struct', fields: [{ name: 'x', type: 'boolean' }] }],
  },
];

describe('records that turn out bad', () => {
  const FAULTS = [
    '}',
    ',}',
    ',"x":01}',
    ',"s":1}',
    ',"q":"\u0001"}',
    ',"q":"\\ud800"}',
    '} x',
    ',"q":tru}',
    '',
    ',"q":{"a":1,}}',
  ];

  test('leave nothing behind, whatever was filled before', () => {
    const value = fc.record(
      {
        s: fc.constantFrom('null', '{}', '{"a":5}', '{"b":"x","a":-1}', '{"a":"drifts","c":[{}]}'),
        l: fc.constantFrom('[]', '[{}]', '[null,{"b":true},{"t":"abc","b":false}]', '[{"b":true,"t":7},1]'),
        m: fc.constantFrom('{}', '{"k":["2024-01-01",null]}', '{"":[],"long key":null,"z":["x"]}'),
        d: fc.constantFrom('{"in":{"x":true}}', '{"in":{}}', '{"in":null}', '{}'),
      },
      { requiredKeys: ['s'] },
    );
    const line = fc.record({ value, fault: fc.option(fc.nat({ max: FAULTS.length - 1 }), { freq: 2 }) });
    const any = fc.record({
      lines: fc.array(line, { maxLength: 120 }),
      drift: fc.constantFrom(...POLICIES),
      batchRows: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(any, ({ lines, drift, batchRows }) => {
        const options = { ...optionsOf(drift, HARMED), batchRows };
        const whole = ({ value: members }: (typeof lines)[number]): string =>
          `{${Object.entries(members)
            .map(([key, text]) => `"${key}":${text}`)
            .join()}`;
        const all = lines.map((item) => whole(item) + (FAULTS[item.fault ?? 0] ?? ''));
        const good = lines.filter(({ fault }) => fault === null || FAULTS[fault] === '}');
        const result = readAll(kernel, options, Buffer.from(all.map((text) => `${text}\n`).join('')));
        const alone = readAll(kernel, options, Buffer.from(good.map((item) => `${whole(item)}}\n`).join('')));
        expect(result.rows).toStrictEqual(alone.rows);
        expect(result.drift).toStrictEqual(alone.drift);
        expect(result.counts.bad).toBe(alone.counts.bad + lines.length - good.length);
      }),
      { numRuns: 300, seed: 9, endOnFailure: true },
    );
  });

  test('among them those with a field twice', () => {
    const { rows, bad } = read([STRUCT], 'rest', ['{"s":{"a":1,"a":2}}', '{"s":{"a":3}}', '{"s":{"b":"x"}}']);
    expect(bad).toEqual([expect.stringMatching(/^duplicate-key: "a" again/)]);
    expect(rows).toEqual([
      [[3n, null], null],
      [[null, 'x'], null],
    ]);
  });
});

describe('many values that do not fit below a long key', () => {
  const key = 'k'.repeat(100_000);
  const line = (count: number): string =>
    `{"m":{"${key}":[${Array.from({ length: count }, () => 'true').join()}]}}`;
  const columns: Column[] = [{ name: 'm', type: 'map', value: { type: 'list', element: { type: 'text' } } }];

  test('stand in _rest up to 64 MiB of pointers', () => {
    // Pointers below the same key: /m/<key>/<index>, in quotes.
    const { rows, bad } = readAll(kernel, optionsOf('rest', columns), Buffer.from(line(671)));
    expect(bad).toEqual([]);
    expect(Object.keys(JSON.parse(rows[0]?.[1] as string) as object)).toHaveLength(671);
  });

  test.each(POLICIES)('are too many beyond it under the policy %s', (drift) => {
    const { rows, bad } = read(columns, drift, [line(673)]);
    expect(bad).toEqual([expect.stringMatching(/^too-many-keys: /)]);
    expect(rows).toEqual([]);
  });

  test('end a batch by the bytes of their pointers', () => {
    const input = Buffer.from(`${line(30)}\n`.repeat(8));
    expect(readAll(kernel, optionsOf('rest', columns), input).batches).toEqual([3, 3, 2]);
  });
});

test('what drifts leaves no memory behind', () => {
  const line = '{"s":{"a":"x","n":1},"m":{"k\\n":[1,2,3],"q":7},"l":[1,"x",{}],"/x":1}';
  const input = Buffer.from(`${line}\n${line},\n`.repeat(2000));
  const fresh = new Kernel();
  const size = (): number => fresh.exports.memory.buffer.byteLength;
  for (const drift of POLICIES) readAll(fresh, optionsOf(drift, HARMED), input);
  const before = size();
  for (let round = 0; round < 6; round++) {
    for (const drift of POLICIES) readAll(fresh, optionsOf(drift, HARMED), input);
  }
  expect(size()).toBe(before);
});
