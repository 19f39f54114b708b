import type { Column, PlainType, ValueType } from '@winnow/kernel';
import { ConfigurationError } from '../errors.ts';

/** A type that has values of its own. */
export type LeafType =
  | { readonly type: PlainType }
  | { readonly type: 'decimal'; readonly precision: number; readonly scale: number };

/** What Parquet calls a column: a flat column of ours, or one of the types at the ends of a nested one. */
export interface Leaf {
  readonly type: LeafType;
  /** Names from the schema's root down. */
  readonly path: readonly string[];
}

/** Names of the groups that the specification asks for around entries of lists and maps. */
export const LIST_NAMES = ['list', 'element'] as const;
export const MAP_NAMES = { entry: 'key_value', key: 'key', value: 'value' } as const;

/** Types in one another. Levels are bytes in the kernel, and readers go down by recursion. */
const MAX_DEPTH = 100;

/** The leaves of all columns, in the order of the kernel's nodes. */
export function leavesOf(columns: readonly Column[]): Leaf[] {
  return columns.flatMap((column) => leavesBelow(column, [column.name], 1));
}

function leavesBelow(type: ValueType, path: readonly string[], depth: number): Leaf[] {
  if (depth > MAX_DEPTH) {
    throw new ConfigurationError(
      `column ${JSON.stringify(path[0])} must not be more than ${MAX_DEPTH} types deep`,
      { hint: 'make it a json column' },
    );
  }
  switch (type.type) {
    case 'struct':
      return type.fields.flatMap((field) => leavesBelow(field, [...path, field.name], depth + 1));
    case 'list':
      return leavesBelow(type.element, [...path, ...LIST_NAMES], depth + 1);
    case 'map':
      return [
        { type: { type: 'text' }, path: [...path, MAP_NAMES.entry, MAP_NAMES.key] },
        ...leavesBelow(type.value, [...path, MAP_NAMES.entry, MAP_NAMES.value], depth + 1),
      ];
    default:
      return [{ type, path }];
  }
}
