import { createHash } from 'node:crypto';
import { NdjsonReader, REST_COLUMN, type Column, type ColumnBatch, type Kernel } from '@winnow/kernel';
import { ENGINE, GOLDEN_SHA256 } from './engine.ts';
import { ConfigurationError } from './errors.ts';
import { ParquetWriter } from './parquet/parquet-writer.ts';
import { TextWriter } from './text/text-writer.ts';
import { TEXT_LEVEL, ZstdTextWriter } from './zstd/text-writer.ts';

const COLUMNS: readonly Column[] = [
  { name: 'text', type: 'text' },
  { name: 'word', type: 'text' },
  { name: 'n', type: 'int64' },
  { name: 'x', type: 'double' },
  { name: 'yes', type: 'boolean' },
  { name: 'nested', type: 'json' },
  { name: 'price', type: 'decimal', precision: 20, scale: 3 },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
  {
    name: 'typed',
    type: 'struct',
    fields: [
      { name: 'list', type: 'list', element: { type: 'int64' } },
      { name: 'map', type: 'map', value: { type: 'text' } },
    ],
  },
  { name: REST_COLUMN, type: 'text' },
];
const OPTIONS = { columns: COLUMNS, rowGroupRows: 140, rowGroupBytes: 1 << 20, level: 3 };
/** What is made of the records: each codec, each profile. */
const FILES = [
  { codec: 'zstd', parquetProfile: 'default' },
  { codec: 'snappy', parquetProfile: 'compatible' },
  { codec: 'none', parquetProfile: 'default' },
] as const;
const TEXTS = ['ndjson', 'json', 'csv'] as const;
const WORDS = ['grain', 'chaff', 'fan', 'sieve', 'straw'] as const;

/**
 * Two hundred records with every type, nulls, drift and each encoding: enough for zstd to make choices, and few, since
 * every worker does them. `test/golden.test.ts` has many more.
 */
function goldenText(): string {
  let text = '';
  for (let i = 0; i < 200; i++) {
    const word = i % 7 === 0 ? null : WORDS[(i * i) % WORDS.length];
    const record = {
      text: `record ${(i * 7919) % 1009} of ${word ?? 'nothing'}`,
      word,
      n: i % 11 === 0 ? `${i}` : (i * 2654435761) % 4294967296,
      x: i / 8 - 3,
      yes: i % 3 === 0,
      nested: { at: [i, i % 13], in: word },
      price: `${i * 977}.${100 + (i % 900)}`,
      day: `20${10 + (i % 80)}-02-${10 + (i % 20)}`,
      at: `1999-12-31T23:59:${10 + (i % 50)}.${100000 + i}+01:00`,
      typed:
        i % 5 === 0
          ? null
          : { list: i % 4 === 0 ? [] : [i, null, i % 3], map: { [`k${i % 9}`]: word }, new: i },
    };
    text += `${JSON.stringify(record)}\n`;
  }
  return text;
}

/** Each is valid until the next is asked for. */
function* batchesOf(kernel: Kernel, text: string): Generator<ColumnBatch> {
  const reader = new NdjsonReader(kernel, { columns: COLUMNS, drift: 'rest', maxRecordBytes: 1 << 20 });
  try {
    reader.startInput(0);
    reader.push(Buffer.from(text));
    reader.endInput();
    for (let batch = reader.next(); batch; batch = reader.next()) yield batch;
    const rest = reader.flush();
    if (rest) yield rest;
  } finally {
    reader.dispose();
  }
}

/** The hash of what this process makes of a small constant text: files of each format and a zstd text file. */
export async function goldenSha256(kernel: Kernel): Promise<string> {
  const hash = createHash('sha256');
  const sink = { write: (bytes: Uint8Array) => Promise.resolve(void hash.update(bytes)) };
  const text = goldenText();
  for (const options of FILES) {
    const writer = new ParquetWriter(kernel, { ...OPTIONS, ...options }, sink);
    try {
      for (const batch of batchesOf(kernel, text)) await writer.append(batch);
      await writer.finish();
    } finally {
      writer.dispose();
    }
  }
  for (const format of TEXTS) {
    const writer = new TextWriter(kernel, { columns: COLUMNS, format, csvSafe: true }, sink);
    try {
      for (const batch of batchesOf(kernel, text)) await writer.append(batch);
      await writer.finish();
    } finally {
      writer.dispose();
    }
  }
  const lines = new ZstdTextWriter(TEXT_LEVEL, sink);
  await lines.write(text);
  await lines.finish();
  return hash.digest('hex');
}

/**
 * Makes sure that this process writes the bytes of its engine: to be called once, before the first unit. Takes a few
 * milliseconds.
 *
 * @throws ConfigurationError where it does not: another zstd, another build of the kernel, or a broken machine.
 */
export async function assertGolden(kernel: Kernel, expected: string = GOLDEN_SHA256): Promise<void> {
  const found = await goldenSha256(kernel);
  if (found === expected) return;
  const zstd = process.versions['zstd'] ?? 'unknown';
  throw new ConfigurationError(
    `engine ${ENGINE} must make golden bytes with sha256 ${expected}, this process with zstd ${zstd} makes ${found}`,
    { hint: 'use the Node version that this release of Winnow names, and an unchanged build' },
  );
}
