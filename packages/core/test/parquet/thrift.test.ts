import { expect, test } from '@jest/globals';
import { compactStruct, openStruct, type CompactWriter } from '../../src/parquet/thrift.ts';

type Field = (writer: CompactWriter) => void;

test.each<[string, readonly Field[], number[]]>([
  ['an empty struct', [], [0]],
  ['a small field id is a step', [(w) => w.i32Field(1, 0), (w) => w.i32Field(3, 0)], [0x15, 0, 0x25, 0, 0]],
  ['a step over 15 is written out', [(w) => w.i32Field(16, 1)], [0x05, 32, 2, 0]],
  [
    'a step back is written out',
    [(w) => w.i32Field(2, 0), (w) => w.i32Field(1, 0)],
    [0x25, 0, 0x05, 2, 0, 0],
  ],
  ['negative numbers', [(w) => w.i32Field(1, -1), (w) => w.i32Field(2, -64)], [0x15, 1, 0x15, 127, 0]],
  ['numbers of several bytes', [(w) => w.i64Field(1, 150)], [0x16, 0xac, 0x02, 0]],
  ['a number over 32 bits', [(w) => w.i64Field(1, 2 ** 40)], [0x16, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0]],
  ['booleans', [(w) => w.booleanField(1, true), (w) => w.booleanField(2, false)], [0x11, 0x12, 0]],
  ['text', [(w) => w.binaryField(1, 'ü')], [0x18, 2, 0xc3, 0xbc, 0]],
  [
    'a struct starts counting anew',
    [(w) => w.structField(2, () => w.i32Field(1, 0)), (w) => w.i32Field(3, 0)],
    [0x2c, 0x15, 0, 0, 0x15, 0, 0],
  ],
  ['a short list', [(w) => w.i32List(1, [0, 1])], [0x19, 0x25, 0, 2, 0]],
  [
    'a list of 15',
    [(w) => w.i32List(1, Array<number>(15).fill(0))],
    [0x19, 0xf5, 15, ...Array<number>(15).fill(0), 0],
  ],
  ['texts in a list', [(w) => w.binaryList(1, ['a', Buffer.alloc(0)])], [0x19, 0x28, 1, 97, 0, 0]],
  [
    'structs in a list',
    [(w) => w.structList(1, [5, 6], (n) => w.i32Field(1, n))],
    [0x19, 0x2c, 0x15, 10, 0, 0x15, 12, 0, 0],
  ],
  ['booleans in a list', [(w) => w.booleanList(1, [true, false])], [0x19, 0x21, 1, 2, 0]],
  [
    'long numbers in a list',
    [(w) => w.i64List(1, [0, 2 ** 40])],
    [0x19, 0x26, 0, 0x80, 0x80, 0x80, 0x80, 0x80, 0x40, 0],
  ],
  [
    'a struct that goes on behind fields written before',
    [
      (w) =>
        w.structList(1, [7], (n) => {
          w.continueStruct(
            openStruct((v) => v.i32Field(3, 5)),
            3,
          );
          w.i32Field(4, n);
        }),
      (w) => w.i32Field(2, 0),
    ],
    [0x19, 0x1c, 0x35, 10, 0x15, 14, 0, 0x15, 0, 0],
  ],
])('%s', (_title, fields, bytes) => {
  expect([...compactStruct((writer) => fields.forEach((field) => field(writer)))]).toEqual(bytes);
});

test('grows with what is written', () => {
  const long = 'x'.repeat(100_000);
  expect(compactStruct((writer) => writer.binaryList(1, [long, long])).length).toBe(200_000 + 2 + 2 * 3 + 1);
});
