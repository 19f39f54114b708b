import { boundOrder, type BoundOrder } from './bound-order.ts';
import type { StoredChunk, StoredPage } from './column-chunk.ts';
import { BOUNDARY_ORDERS } from './format.ts';
import { compactStruct } from './thrift.ts';

/**
 * The page index: what readers need to take only the pages they look for.
 * https://github.com/apache/parquet-format/blob/master/PageIndex.md
 */

const hasNoValue = ({ statistics }: StoredPage): boolean => statistics.nulls === statistics.entries;

/** The struct OffsetIndex: where each page is and with which row it begins. */
export const offsetIndex = ({ pages }: StoredChunk): Buffer =>
  compactStruct((writer) =>
    writer.structList(1, pages, ({ offset, bytes, firstRow }) => {
      writer.i64Field(1, offset);
      writer.i32Field(2, bytes);
      writer.i64Field(3, firstRow);
    }),
  );

/**
 * The struct ColumnIndex: bounds and nulls of each page. Empty where a page with values has no bounds: then there must be
 * none.
 */
export function columnIndex({ leaf, pages }: StoredChunk): Buffer {
  const filled = pages.filter((page) => !hasNoValue(page));
  const [mins, maxes] = [boundsOf(filled, 'min'), boundsOf(filled, 'max')];
  if (mins === undefined || maxes === undefined) return Buffer.alloc(0);
  const placed = (bounds: readonly Buffer[]): Buffer[] => {
    const left = bounds.values();
    return pages.map((page) => (hasNoValue(page) ? undefined : left.next().value) ?? Buffer.alloc(0));
  };
  return compactStruct((writer) => {
    writer.booleanList(1, pages.map(hasNoValue));
    writer.binaryList(2, placed(mins));
    writer.binaryList(3, placed(maxes));
    writer.i32Field(4, BOUNDARY_ORDERS[boundaryOrder(mins, maxes, boundOrder(leaf.type))]);
    writer.i64List(
      5,
      pages.map(({ statistics }) => statistics.nulls),
    );
  });
}

/** Undefined where one is not stated. */
function boundsOf(pages: readonly StoredPage[], side: 'min' | 'max'): Buffer[] | undefined {
  const bounds = pages.flatMap(({ statistics }) => statistics[side]?.value ?? []);
  return bounds.length === pages.length ? bounds : undefined;
}

function boundaryOrder(
  mins: readonly Buffer[],
  maxes: readonly Buffer[],
  order: BoundOrder,
): keyof typeof BOUNDARY_ORDERS {
  if (isSorted(mins, order) && isSorted(maxes, order)) return 'ascending';
  const descending: BoundOrder = (a, b) => order(b, a);
  return isSorted(mins, descending) && isSorted(maxes, descending) ? 'descending' : 'unordered';
}

const isSorted = (bounds: readonly Buffer[], order: BoundOrder): boolean =>
  bounds.every((bound, index) => {
    const before = bounds[index - 1];
    return before === undefined || order(before, bound) <= 0;
  });
