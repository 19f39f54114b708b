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

/** Levels are bytes in the kernel, and readers go down by recursion. */
const MAX_DEPTH = 100;

/** The leaves of all columns, in the order of the kernel's nodes. */
export function leavesOf(columns: readonly Column[]): Leaf[] {
  return columns.flatMap((column) => leavesBelow(column, [column.name]));
}

function leavesBelow(type: ValueType, path: readonly string[]): Leaf[] {
  if (path.length > 2 * MAX_DEPTH) {
    throw new ConfigurationError(
      `column ${JSON.stringify(path[0])} must not be nested more than ${MAX_DEPTH} levels deep`,
      { hint: 'make it a json column' },
    );
  }
  switch (type.type) {
    case 'struct':
      return type.fields.flatMap((field) => leavesBelow(field, [...path, field.name]));
    case 'list':
      return leavesBelow(type.element, [...path, ...LIST_NAMES]);
    case 'map':
      return [
        { type: { type: 'text' }, path: [...path, MAP_NAMES.entry, MAP_NAMES.key] },
        ...leavesBelow(type.value, [...path, MAP_NAMES.entry, MAP_NAMES.value]),
      ];
    default:
      return [{ type, path }];
  }
}
