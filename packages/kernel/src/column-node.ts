import { COLUMN_TYPES, type ValueType } from './column.ts';

/**
 * A column and what is below it as a flat list, parents before children: the form in which the kernel has types.
 * A struct's children are its fields, a list's its element, a map's its key (text) and its value.
 */
export interface ColumnNode {
  /** Index in `COLUMN_TYPES`. */
  readonly type: number;
  /** Nodes of this one and all below it: the next sibling is so far away. */
  readonly span: number;
  /** Of a decimal: precision × 256 + scale; else 0. */
  readonly parameter: number;
  /** The key of a column or of a struct's field; empty for elements, keys and values. */
  readonly name: string;
  readonly depth: number;
}

/** The nodes of a column: itself first. */
export function columnNodes(column: ValueType & { readonly name?: string }, depth = 0): ColumnNode[] {
  const below = childrenOf(column).flatMap((child) => columnNodes(child, depth + 1));
  const parameter = column.type === 'decimal' ? column.precision * 256 + column.scale : 0;
  const type = COLUMN_TYPES.indexOf(column.type);
  return [{ type, span: below.length + 1, parameter, name: column.name ?? '', depth }, ...below];
}

/** What is directly below a type. */
export function childrenOf(column: ValueType): readonly (ValueType & { readonly name?: string })[] {
  switch (column.type) {
    case 'struct':
      return column.fields;
    case 'list':
      return [column.element];
    case 'map':
      return [{ type: 'text' }, column.value];
    default:
      return [];
  }
}
