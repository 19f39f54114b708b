import { PAGE_ENCODINGS, type PageEncoding } from '@winnow/kernel';
import { ENCODINGS, PAGE_TYPES } from './format.ts';
import { compactStruct } from './thrift.ts';

/** Bytes of a page without its header. */
export interface PageSize {
  readonly uncompressed: number;
  readonly compressed: number;
}

export function dictionaryPageHeader(entries: number, size: PageSize): Buffer {
  return compactStruct((header) => {
    header.i32Field(1, PAGE_TYPES.dictionary);
    header.i32Field(2, size.uncompressed);
    header.i32Field(3, size.compressed);
    header.structField(7, () => {
      header.i32Field(1, entries);
      header.i32Field(2, ENCODINGS.PLAIN);
    });
  });
}

/** `rows` counts nulls too. */
export function dataPageHeader(rows: number, encoding: PageEncoding, size: PageSize): Buffer {
  return compactStruct((header) => {
    header.i32Field(1, PAGE_TYPES.data);
    header.i32Field(2, size.uncompressed);
    header.i32Field(3, size.compressed);
    header.structField(5, () => {
      header.i32Field(1, rows);
      header.i32Field(2, PAGE_ENCODINGS[encoding]);
      header.i32Field(3, ENCODINGS.RLE);
      header.i32Field(4, ENCODINGS.RLE);
    });
  });
}
