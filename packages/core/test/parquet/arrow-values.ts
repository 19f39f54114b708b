import { Type, type Data } from 'apache-arrow';
import type { Cell } from './table.ts';

/**
 * The values of Arrow data as plain cells, read from its buffers: Arrow's own accessors round moments to milliseconds.
 */
export function arrowValues(data: Data): Cell[] {
  const { offset, length, nullBitmap } = data;
  // Without values Arrow leaves out what is below.
  if (length === 0) return [];
  const children = data.children.map((child) => arrowValues(child));
  const offsets = data.valueOffsets as ArrayLike<number | bigint> | undefined;
  const isNull = (entry: number): boolean =>
    data.nullCount > 0 && ((nullBitmap[(offset + entry) >> 3]! >> ((offset + entry) & 7)) & 1) === 0;
  const ends = (entry: number): [number, number] => [Number(offsets![entry]), Number(offsets![entry + 1])];
  return Array.from({ length }, (_, entry) => (isNull(entry) ? null : valueAt(data, entry, children, ends)));
}

function valueAt(
  data: Data,
  entry: number,
  children: readonly Cell[][],
  ends: (entry: number) => [number, number],
): Cell {
  const values = data.values as Uint8Array;
  const view = viewOf(values);
  switch (data.typeId) {
    case Type.Utf8:
    case Type.LargeUtf8:
      return Buffer.from(values.subarray(...ends(entry))).toString();
    case Type.Bool: {
      const bit = data.offset + entry;
      return ((values[bit >> 3]! >> (bit & 7)) & 1) === 1;
    }
    case Type.Int:
    case Type.Timestamp:
      return view.getBigInt64(entry * 8, true);
    case Type.Date:
      return view.getInt32(entry * 4, true);
    case Type.Float:
      return view.getFloat64(entry * 8, true);
    case Type.Decimal:
      return (view.getBigInt64(entry * 16 + 8, true) << 64n) | view.getBigUint64(entry * 16, true);
    case Type.Struct:
      return children.map((field) => field[entry] ?? null);
    case Type.List:
      return children[0]!.slice(...ends(entry));
    case Type.Map:
      return children[0]!.slice(...ends(entry));
    default:
      throw new Error(`Arrow type ${data.typeId} is not expected`);
  }
}

/** Nested data has no values of its own. */
const viewOf = (values: Uint8Array | undefined): DataView =>
  values === undefined ? new DataView(new ArrayBuffer(0)) : new DataView(values.buffer, values.byteOffset);
