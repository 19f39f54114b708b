import { expect, test } from '@jest/globals';
import { MAX_PAGE_BYTES, storeChunk } from '../../src/parquet/column-chunk.ts';

const column = { name: 'c', type: 'text' } as const;

test('a page that readers could not hold is refused before it is compressed', () => {
  const page = new Uint8Array(MAX_PAGE_BYTES + 1);
  const chunk = { encoding: 'PLAIN', values: 0, dictionary: undefined, page, bounds: undefined } as const;
  expect(() => storeChunk(column, chunk, 1, 3)).toThrow('a page of column "c" must be at most');
});

test('sizes are those of the pages with their headers', () => {
  const dictionary = { entries: 1, page: Buffer.from('dictionary '.repeat(50)) };
  const page = Buffer.alloc(300);
  const chunk = { encoding: 'RLE_DICTIONARY', values: 2, dictionary, page, bounds: undefined } as const;
  const stored = storeChunk(column, chunk, 3, 3);
  const [header, body, dataHeader, dataBody] = stored.pages.map((part) => part.length);
  expect(stored.dictionaryBytes).toBe(header! + body!);
  expect(stored.size.compressed).toBe(header! + body! + dataHeader! + dataBody!);
  expect(stored.size.uncompressed).toBe(header! + dataHeader! + dictionary.page.length + page.length);
  expect(stored.statistics.nulls).toBe(1);
});
