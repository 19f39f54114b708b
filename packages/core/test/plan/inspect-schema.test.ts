import { expect, test } from '@jest/globals';
import type { Column } from '@winnow/kernel';
import fc from 'fast-check';
import { createBytes } from '../../src/commit/objects.ts';
import { inspectSchema, type SchemaInspection } from '../../src/plan/inspect-schema.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';

async function inspect(
  files: Record<string, string>,
  columns?: readonly Column[],
  sampledInputs = 64,
): Promise<SchemaInspection> {
  const storage = new MemoryStorage();
  for (const [key, text] of Object.entries(files)) await createBytes(storage, key, Buffer.from(text));
  return inspectSchema({
    storage,
    inputs: storage.list(''),
    sampledInputs,
    columns,
    maxRecordBytes: 1 << 20,
    signal: new AbortController().signal,
  });
}

test('tells what stands at each place of the inferred columns', async () => {
  const { columns, places, drift, quarantined, ...rest } = await inspect({
    a: '{"id":1,"x":"a"}\n{"id":2.5,"x":true}\n{"id":null}\n',
    b: '{"x":"b"}\n[1]\n{"id":7,"id":8}\n',
  });
  expect(rest).toEqual({ inputs: { total: 2, sampled: 2, unreadable: [] }, records: 5, inferred: true });
  expect(columns).toEqual([
    { name: 'id', type: 'double' },
    { name: 'x', type: 'json' },
  ]);
  expect(places).toEqual([
    {
      place: 'id',
      type: 'double',
      values: [
        { kind: 'null', count: 1 },
        { kind: 'integer', count: 2, example: '1' },
        { kind: 'number', count: 1, example: '2.5' },
      ],
    },
    {
      place: 'x',
      type: 'json',
      values: [
        { kind: 'boolean', count: 1, example: 'true' },
        { kind: 'string', count: 2, example: '"a"' },
      ],
    },
  ]);
  expect(drift).toEqual([]);
  expect(quarantined).toEqual([
    { reason: 'duplicate-key', records: 1 },
    { reason: 'not-an-object', records: 1 },
  ]);
});

test('holds a given schema against the sample, as a run would', async () => {
  const columns: Column[] = [
    { name: 'id', type: 'int64' },
    { name: 'none', type: 'text' },
  ];
  const found = await inspect({ a: '{"id":1}\n{"id":"2","more":[1]}\n{"id":1.5,"more":true}\n' }, columns);
  expect(found).toMatchObject({ inferred: false, columns, records: 3 });
  expect(found.places.map(({ place }) => place)).toEqual(['id']);
  expect(found.drift).toEqual([
    { key: 'id', types: ['number', 'string'], records: 2 },
    { key: 'more', types: ['array', 'boolean'], records: 2 },
  ]);
});

test('samples as many inputs as it is told, and names what it cannot read', async () => {
  const files = Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`f${n}`, '{"a":1}\n']));
  expect((await inspect(files, undefined, 4)).inputs).toEqual({ total: 9, sampled: 4, unreadable: [] });
  const storage = new MemoryStorage();
  await createBytes(storage, 'a', Buffer.from('{"a":1}\n'));
  const found = await inspectSchema({
    storage,
    inputs: (async function* () {
      yield* storage.list('');
      yield await Promise.resolve({ key: 'gone', size: 1, pin: 'p' });
      yield await Promise.resolve({ key: 'never', size: 0, pin: '', refuse: 'vanished' as const });
    })(),
    sampledInputs: 64,
    maxRecordBytes: 1 << 20,
    signal: new AbortController().signal,
  });
  expect(found.inputs).toEqual({ total: 3, sampled: 1, unreadable: ['never', 'gone'] });
});

test('what is inferred from a sample holds each of its values', async () => {
  const scalars = fc.oneof(
    fc.constantFrom(
      'null',
      'true',
      '0',
      '-0',
      '1',
      '2.5',
      '"a"',
      '"2024-01-01"',
      '1e400',
      '9007199254740993',
    ),
    fc.constantFrom(
      '0.30000000000000004',
      '9007199254740.9931',
      '-9223372036854775809',
      '1E5',
      '100000000000000000',
    ),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }).map(String),
  );
  const records = fc.dictionary(fc.constantFrom('a', 'b', 'c'), scalars).map(
    (record) =>
      `{${Object.entries(record)
        .map(([key, value]) => `"${key}":${value}`)
        .join()}}`,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(records, { minLength: 1, maxLength: 8 }), async (lines) => {
      const { drift, quarantined } = await inspect({ a: lines.join('\n') });
      expect({ drift, quarantined }).toEqual({ drift: [], quarantined: [] });
    }),
  );
});
