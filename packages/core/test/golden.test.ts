import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Column } from '@winnow/kernel';
import { ENGINE } from '../src/engine.ts';
import { ZstdTextWriter } from '../src/zstd/text-writer.ts';
import { decimal, list, map, struct, type Cell, type Table } from './parquet/table.ts';
import { writeTable } from './parquet/write-table.ts';
import { MemorySink } from './zstd/memory-sink.ts';

/** What these hashes belong to. Another zstd may write other bytes: then ENGINE is raised too. */
const GOLDEN = {
  engine: 2,
  zstd: '1.5.7',
  parquet: 'f9e6e53dc90739fc3aff5aad032b2fab241db0c6941639056d1fce1cf816b213',
  snappyParquet: '2635a38a00ba614f0ab6d6f77374dd0f66a981754e68fef4e4e3b84cf908f8d0',
  compatibleParquet: '7fa32036828562e1152f52f542750896691bfc79adbf7191e9c217c3d138ea37',
  plainParquet: '7c300f0369f340ee98d6f3b972158c2f2e0ce6f1f1c50136ce4cf1d00ed51fac',
  emptyParquet: 'ec5ca4fb98b385b8d339253c9de6acb04a14f73fd3e2f29cac0a8c2372b561df',
  text: 'c615094ae24c5aa30c4d094c513842dfbe62b941c6bc8a49afb81928f1bf9820',
};

const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'word', type: 'text' },
  { name: 'count', type: 'int64' },
  { name: 'hash', type: 'int64' },
  { name: 'few', type: 'int64' },
  { name: 'share', type: 'double' },
  { name: 'flag', type: 'boolean' },
  { name: 'price', ...decimal(12, 2) },
  { name: 'mass', ...decimal(30, 6) },
  { name: 'day', type: 'date' },
  { name: 'at', type: 'timestamp' },
  { name: 'clock', type: 'datetime' },
  { name: 'tags', ...list({ type: 'text' }) },
  { name: 'actor', ...struct({ id: { type: 'int64' }, names: map(list({ type: 'text' })) }) },
  { name: '_rest', type: 'json' },
];

/** Every type and encoding, in several pages and row groups; the same on every machine: only whole numbers and halves. */
function goldenTable(): Table {
  const rows = Array.from({ length: 30_000 }, (_, r): Cell[] => {
    const noise = Math.imul(r + 1, 2_654_435_761) >>> 0;
    const long = BigInt(noise) * 0x9e3779b97f4a7c15n;
    const names = Array.from({ length: noise % 3 }, (_name, i): Cell => [
      `k${i}`,
      i === 1 ? null : ['x', `${r % 9}`],
    ]);
    return [
      `id-${noise}`,
      noise % 5 === 0 ? null : `wörd ${noise % 97}`,
      BigInt(r * 3 - (noise % 7)),
      BigInt.asIntN(64, long),
      BigInt((noise % 13) ** 9),
      noise % 11 === 0 ? null : (noise - 2 ** 31) / 2,
      noise % 3 === 0 ? null : noise % 2 === 0,
      BigInt(noise),
      noise % 4 === 0 ? null : -long,
      18_000 + (noise % 900),
      1_700_000_000_000_000n + BigInt(noise) * 1000n,
      noise % 6 === 0 ? null : 1_700_000_000_000_000n + BigInt(r),
      noise % 8 === 0
        ? null
        : Array.from({ length: noise % 4 }, (_tag, i) => (i === 2 ? null : `tag ${noise % (i + 5)}`)),
      noise % 10 === 0 ? null : [BigInt(r), noise % 7 === 0 ? null : names],
      r % 20 === 0 ? `{"extra": [${noise}, "x"]}` : null,
    ];
  });
  return { columns: COLUMNS, rows };
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe('the bytes of an output are those of this engine', () => {
  test('the hashes belong to this zstd', () => {
    const told = `hashes are of zstd ${GOLDEN.zstd}; if Node.js now brings another, raise ENGINE and renew all of GOLDEN`;
    expect([told, process.versions['zstd']]).toEqual([told, GOLDEN.zstd]);
  });

  test('the hashes belong to this engine', () => {
    const told = 'whoever raises ENGINE renews GOLDEN in test/golden.test.ts';
    expect([told, ENGINE]).toEqual([told, GOLDEN.engine]);
  });

  test.each<[keyof typeof GOLDEN, () => Promise<Uint8Array>]>([
    ['parquet', () => writeTable(goldenTable(), { rowGroupRows: 25_000 })],
    ['snappyParquet', () => writeTable(goldenTable(), { rowGroupRows: 3000, codec: 'snappy' })],
    ['compatibleParquet', () => writeTable(goldenTable(), { codec: 'snappy', parquetProfile: 'compatible' })],
    ['plainParquet', () => writeTable(goldenTable(), { codec: 'none', rowGroupBytes: 1 << 20 })],
    ['emptyParquet', () => writeTable({ columns: COLUMNS, rows: [] })],
    ['text', goldenText],
  ])('%s', async (name, write) => {
    const told = `${name}: output bytes changed: raise ENGINE in src/engine.ts (now ${ENGINE}) and renew GOLDEN`;
    expect([told, sha256(await write())]).toEqual([told, GOLDEN[name]]);
  });
});

async function goldenText(): Promise<Uint8Array> {
  const sink = new MemorySink();
  const writer = new ZstdTextWriter(3, sink);
  for (let line = 0; line < 60_000; line++)
    await writer.write(`{"line":${line},"word":"wörd ${line % 97}"}\n`);
  await writer.finish();
  return sink.bytes;
}
