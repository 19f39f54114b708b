import { crc32 } from 'node:zlib';
import { PAGE_ENCODINGS, type PageEncoding } from '@winnow/kernel';
import { ENCODINGS, PAGE_TYPES } from './format.ts';
import { compactStruct, type CompactWriter } from './thrift.ts';

/** A page as it is stored. */
export interface PageBytes {
  /** Its length before it was compressed. */
  readonly uncompressed: number;
  readonly compressed: Uint8Array;
}

export function dictionaryPageHeader(page: PageBytes, entries: number): Buffer {
  return pageHeader(PAGE_TYPES.dictionary, page, (header) => {
    header.structField(7, () => {
      header.i32Field(1, entries);
      header.i32Field(2, ENCODINGS.PLAIN);
    });
  });
}

/** Of a data page of version 1. `entries` counts nulls too. */
export function dataPageHeader(page: PageBytes, entries: number, encoding: PageEncoding): Buffer {
  return pageHeader(PAGE_TYPES.data, page, (header) => {
    header.structField(5, () => {
      header.i32Field(1, entries);
      header.i32Field(2, PAGE_ENCODINGS[encoding]);
      header.i32Field(3, ENCODINGS.RLE);
      header.i32Field(4, ENCODINGS.RLE);
    });
  });
}

function pageHeader(
  type: number,
  { uncompressed, compressed }: PageBytes,
  more: (header: CompactWriter) => void,
): Buffer {
  return compactStruct((header) => {
    header.i32Field(1, type);
    header.i32Field(2, uncompressed);
    header.i32Field(3, compressed.length);
    // A signed field for an unsigned number.
    header.i32Field(4, crc32(compressed) | 0);
    more(header);
  });
}
