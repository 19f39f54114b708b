import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Column } from '@winnow/kernel';
import { ENGINE } from '../src/engine.ts';
import { ZstdTextWriter } from '../src/zstd/text-writer.ts';
import type { Cell, Table } from './parquet/table.ts';
import { writeTable } from './parquet/write-table.ts';
import { MemorySink } from './zstd/memory-sink.ts';

/** What these hashes belong to. Another zstd may write other bytes: then ENGINE is raised too. */
const GOLDEN = {
  engine: 1,
  zstd: '1.5.7',
  parquet: 'b360f8608ec542cff1f1b4a334e09e2f51c6443307e776afa095afc17250b1c1',
  emptyParquet: '7f72d359bccf54d65886409c72f56bf08891eb62af2fa53c89b500a54d2d745b',
  text: 'c615094ae24c5aa30c4d094c513842dfbe62b941c6bc8a49afb81928f1bf9820',
};

const COLUMNS: readonly Column[] = [
  { name: 'id', type: 'text' },
  { name: 'word', type: 'text' },
  { name: 'count', type: 'int64' },
  { name: 'hash', type: 'int64' },
  { name: 'share', type: 'double' },
  { name: 'flag', type: 'boolean' },
  { name: '_rest', type: 'json' },
];

/** Every encoding, in several row groups; the same on every machine: only whole numbers and halves. */
function goldenTable(): Table {
  const rows = Array.from({ length: 10_000 }, (_, r): Cell[] => {
    const noise = Math.imul(r + 1, 2_654_435_761) >>> 0;
    return [
      `id-${noise}`,
      noise % 5 === 0 ? null : `wörd ${noise % 97}`,
      BigInt(r * 3 - (noise % 7)),
      BigInt.asIntN(64, BigInt(noise) * 0x9e3779b97f4a7c15n),
      noise % 11 === 0 ? null : (noise - 2 ** 31) / 2,
      noise % 3 === 0 ? null : noise % 2 === 0,
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
    ['parquet', () => writeTable(goldenTable(), { rowGroupRows: 3000 })],
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
