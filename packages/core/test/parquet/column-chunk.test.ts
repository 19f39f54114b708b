import { expect, test } from '@jest/globals';
import type { EncodedPage } from '@winnow/kernel';
import { BufferedSink } from '../../src/parquet/buffered-sink.ts';
import { MAX_PAGE_BYTES, writeChunk } from '../../src/parquet/column-chunk.ts';
import type { Leaf } from '../../src/parquet/leaf.ts';
import { MemorySink } from '../zstd/memory-sink.ts';

const LEAF: Leaf = { type: { type: 'text' }, path: ['c', 'd'] };
const CODEC = { compress: (page: Uint8Array) => page.subarray(1), dispose: () => undefined };

const pageOf = (page: Uint8Array): EncodedPage => ({
  page,
  rows: 3,
  entries: 4,
  values: 2,
  bounds: undefined,
});

test('a page that readers could not hold is refused before it is compressed', async () => {
  const pages = [pageOf(new Uint8Array(MAX_PAGE_BYTES + 1))];
  const chunk = { encoding: 'PLAIN', dictionary: undefined, pages } as const;
  const writing = writeChunk(new BufferedSink(new MemorySink()), LEAF, chunk, CODEC);
  await expect(writing).rejects.toThrow('a page of column "c.d" must be at most');
});

test('sizes are those of the pages with their headers, rows and entries are counted on', async () => {
  const dictionary = { entries: 1, page: Buffer.from('dictionary '.repeat(50)) };
  const pages = [pageOf(Buffer.alloc(300)), pageOf(Buffer.alloc(200))];
  const sink = new BufferedSink(new MemorySink());
  await sink.write(Buffer.from('PAR1'));
  const stored = await writeChunk(sink, LEAF, { encoding: 'RLE_DICTIONARY', dictionary, pages }, CODEC);
  const [first, second] = stored.pages;
  expect(stored.offset).toBe(4);
  expect(first!.offset).toBe(4 + stored.dictionaryBytes);
  expect(second!.offset).toBe(first!.offset + first!.bytes);
  expect(stored.size.compressed).toBe(sink.position - 4);
  // The codec leaves a byte out of each page.
  expect(stored.size.uncompressed).toBe(stored.size.compressed + 3);
  expect(stored.pages.map(({ firstRow }) => firstRow)).toEqual([0, 3]);
  expect(stored.statistics).toMatchObject({ entries: 8, nulls: 4 });
});
