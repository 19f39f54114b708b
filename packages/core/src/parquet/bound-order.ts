import type { LeafType } from './leaf.ts';
import { isLongDecimal } from './schema.ts';

/** Negative where `a` sorts before `b`. */
export type BoundOrder = (a: Buffer, b: Buffer) => number;

const order = <T extends bigint | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** How the specification sorts values of a type, as their bytes stand in statistics. */
export function boundOrder(type: LeafType): BoundOrder {
  switch (type.type) {
    case 'text':
    case 'json':
      return (a, b) => a.compare(b);
    case 'boolean':
      return (a, b) => order(a.readUInt8(), b.readUInt8());
    case 'date':
      return (a, b) => order(a.readInt32LE(), b.readInt32LE());
    case 'double':
      return (a, b) => order(a.readDoubleLE(), b.readDoubleLE());
    default:
      return isLongDecimal(type)
        ? (a, b) => order(longDecimal(a), longDecimal(b))
        : (a, b) => order(a.readBigInt64LE(), b.readBigInt64LE());
  }
}

const longDecimal = (bytes: Buffer): bigint => (bytes.readBigInt64BE(0) << 64n) | bytes.readBigUInt64BE(8);
