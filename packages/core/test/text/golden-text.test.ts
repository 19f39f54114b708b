import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { Column, TextFormat } from '@winnow/kernel';
import { ENGINE } from '../../src/engine.ts';
import type { Cell } from '../parquet/table.ts';
import { writeText } from './write-text.ts';

const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: '=count', type: 'int64' },
  { name: 'share', type: 'double' },
  { name: 'flag', type: 'boolean' },
  { name: 'raw', type: 'json' },
  { name: 'price', type: 'decimal', precision: 38, scale: 4 },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
  { name: 'local', type: 'datetime' },
  { name: 'items', type: 'list', element: { type: 'struct', fields: [{ name: 'a "b"', type: 'text' }] } },
  { name: 'counts', type: 'map', value: { type: 'int64' } },
  { name: '_rest', type: 'text' },
];
const TEXTS = ['', 'plain', 'a,b', 'say "hi"', '=1+1', 'two\r\nlines', 'tab\tand \\', 'wörd 😂', '\u0001'];

const rows = Array.from({ length: 5000 }, (_, r): Cell[] => {
  const noise = Math.imul(r + 1, 2_654_435_761) >>> 0;
  const wide = BigInt(noise) * 0x9e3779b97f4a7c15n;
  const text = TEXTS[noise % TEXTS.length]!;
  const row: Cell[] = [
    `${text}${noise % 100}`,
    BigInt.asIntN(64, wide),
    (noise - 2 ** 31) / 2 ** (noise % 40),
    noise % 2 === 0,
    `{"n": ${noise}.10, "t":${JSON.stringify(text)}}`,
    BigInt.asIntN(100, wide * wide),
    (noise % 3_000_000) - 500_000,
    BigInt(noise) * 1_234_567n,
    -BigInt(noise) * 1000n,
    [[text], null, [null]].slice(0, noise % 4),
    [[text, BigInt(noise)]],
    r % 20 === 0 ? `{"extra":[${noise}]}` : null,
  ];
  return row.map((cell, column) => ((noise >> column) % 11 === 0 ? null : cell));
});

/** What the engine writes: other bytes need another engine. */
const GOLDEN = {
  ndjson: 'f0193e5e4a9b3cb48b7280d2c9f256e13624c6778c2d2377982fa8618cda31e3',
  json: '148f6710e168bfbcb3c8d6887f3543e8e62f9ab78e4b9ba753d69c78ca94d27e',
  csv: '2832460797b767a1ac08d5db390377a8ce3c4ad89bc21e91813227b21f1b45eb',
  csvSafe: 'e2663aa13c94a2207c4c1307663a0825dab80576a9062c02e8ad0f8fed826aed',
};

test.each<[keyof typeof GOLDEN, TextFormat, boolean]>([
  ['ndjson', 'ndjson', false],
  ['json', 'json', false],
  ['csv', 'csv', false],
  ['csvSafe', 'csv', true],
])('%s has the bytes of this engine', async (name, format, csvSafe) => {
  const bytes = await writeText({ columns: COLUMNS, rows }, format, { csvSafe });
  const told = `${name}: output bytes changed: raise ENGINE in src/engine.ts (now ${ENGINE}) and renew GOLDEN`;
  expect([told, createHash('sha256').update(bytes).digest('hex')]).toEqual([told, GOLDEN[name]]);
});
