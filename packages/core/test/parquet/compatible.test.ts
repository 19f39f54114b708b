/** The profile for old readers, judged by one: parquetjs-lite knows no dictionary of numbers, no delta and no zstd. */
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Column } from '@winnow/kernel';
import { ParquetReader } from 'parquetjs-lite';
import { hyparquetMetadata, JUDGES } from './judges.ts';
import { difference, list, map, struct, type Cell, type Table } from './table.ts';
import { writeTable, type WriteOptions } from './write-table.ts';

const COLUMNS: readonly Column[] = [
  { name: 'text', type: 'text' },
  { name: 'int64', type: 'int64' },
  { name: 'double', type: 'double' },
  { name: 'boolean', type: 'boolean' },
  { name: 'json', type: 'json' },
  { name: 'date', type: 'date' },
  { name: 'timestamp', type: 'timestamp' },
  { name: 'datetime', type: 'datetime' },
];

const MICROS = 1_700_000_000_123_000n;

/** Each column repeats enough that the default profile takes a dictionary or delta. */
const table: Table = {
  columns: COLUMNS,
  rows: Array.from({ length: 25_000 }, (_, r): Cell[] => [
    r % 3 === 0 ? null : `wört ${r % 50}`,
    r % 5 === 1 ? null : BigInt(r * 1001),
    r % 7 === 2 ? null : (r % 9) / 8,
    r % 2 === 0 ? null : r % 11 < 4,
    r % 4 === 3 ? null : `{"r":${r % 20}}`,
    r % 6 === 0 ? null : (r % 30) - 10,
    r % 8 === 0 ? null : MICROS + BigInt(r) * 1000n,
    r % 9 === 0 ? null : -MICROS,
  ]),
};
const compatible = { parquetProfile: 'compatible', rowGroupRows: 22_000 } as const;

/** Rows as parquetjs-lite has them: an absent value has no key. */
async function readOld(file: Buffer): Promise<Record<string, unknown>[]> {
  const reader = await ParquetReader.openBuffer(file);
  const cursor = reader.getCursor();
  const rows: Record<string, unknown>[] = [];
  for (let row = await cursor.next(); row !== null; row = await cursor.next()) rows.push(row);
  await reader.close();
  return rows;
}

const dateOf = (millis: number | bigint): Date => new Date(Number(millis));

/** The row as parquetjs-lite is to give it. */
const expectedOf = (row: readonly Cell[]): Record<string, unknown> => {
  const converted: unknown[] = [...row];
  if (typeof row[4] === 'string') converted[4] = JSON.parse(row[4]) as unknown;
  if (typeof row[5] === 'number') converted[5] = dateOf(row[5] * 86_400_000);
  for (const moment of [6, 7]) {
    const micros = row[moment];
    if (typeof micros === 'bigint') converted[moment] = dateOf(micros / 1000n);
  }
  return Object.fromEntries(
    COLUMNS.flatMap(({ name }, index) => (row[index] === null ? [] : [[name, converted[index]]])),
  );
};

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)),
  );

describe('the compatible profile', () => {
  test.each(['snappy', 'none'] as const)('with codec %s is read by parquetjs-lite', async (codec) => {
    const rows = await readOld(await writeTable(table, { ...compatible, codec }));
    expect(rows).toHaveLength(table.rows.length);
    const wrong = rows.findIndex(
      (row, index) => !isDeepStrictEqual(plain(row), plain(expectedOf(table.rows[index]!))),
    );
    // Only the first one is shown.
    if (wrong >= 0) expect(plain(rows[wrong])).toEqual(plain(expectedOf(table.rows[wrong]!)));
  });

  test('is read by parquetjs-lite with nested columns', async () => {
    const columns: Column[] = [
      { name: 'l', ...list({ type: 'int64' }) },
      { name: 's', ...struct({ a: { type: 'int64' }, b: { type: 'text' } }) },
      { name: 'm', ...map({ type: 'text' }) },
    ];
    const rows: Cell[][] = [
      [
        [1n, 2n],
        [7n, 'x'],
        [
          ['k', 'v'],
          ['l', 'w'],
        ],
      ],
      [[3n], [8n, 'y'], [['m', 'z']]],
    ];
    const read = await readOld(await writeTable({ columns, rows }, { ...compatible, codec: 'snappy' }));
    expect(plain(read)).toEqual([
      {
        l: { list: [{ element: 1 }, { element: 2 }] },
        s: { a: 7, b: 'x' },
        m: {
          key_value: [
            { key: 'k', value: 'v' },
            { key: 'l', value: 'w' },
          ],
        },
      },
      { l: { list: [{ element: 3 }] }, s: { a: 8, b: 'y' }, m: { key_value: [{ key: 'm', value: 'z' }] } },
    ]);
  });

  test('an empty file is read by parquetjs-lite', async () => {
    expect(await readOld(await writeTable({ columns: COLUMNS, rows: [] }, compatible))).toEqual([]);
  });

  test.each(JUDGES)('is read by %s', async (_name, judge) => {
    const file = await writeTable(table, { ...compatible, codec: 'snappy' });
    expect(difference(table, await judge(file, COLUMNS))).toBeUndefined();
  });

  test('holds nothing but PLAIN values, where the default has other encodings', async () => {
    const encodingsOf = async (options: WriteOptions): Promise<string[]> => {
      const { row_groups } = hyparquetMetadata(await writeTable(table, options));
      return row_groups.flatMap(({ columns }) => columns.flatMap((chunk) => chunk.meta_data!.encodings));
    };
    expect(new Set(await encodingsOf(compatible))).toEqual(new Set(['PLAIN', 'RLE']));
    expect(new Set(await encodingsOf({}))).toEqual(
      new Set(['PLAIN', 'RLE', 'DELTA_BINARY_PACKED', 'RLE_DICTIONARY']),
    );
  });
});
