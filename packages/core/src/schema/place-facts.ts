import type { Column, ColumnType, ValueType } from '@winnow/kernel';
import { MAX_COLUMN_LEAVES } from './infer.ts';
import { placeName, type Path } from './place.ts';
import { MAX_NESTED_LEVELS, MAX_STRUCT_KEYS, type Kind, type Seen } from './seen.ts';

/** What a sample has at one place of a schema. */
export interface PlaceFacts {
  /** As `_rest` and drift counts name it: `id`, `/actor/id`, `/tags/*`. */
  readonly place: string;
  /** Of the schema. */
  readonly type: ColumnType;
  readonly values: readonly {
    readonly kind: Kind;
    readonly count: number;
    /** Raw text of one of them, cut; not of null, objects and arrays. */
    readonly example?: string;
  }[];
  /** Why the place is JSON text although all its values are objects, or all are arrays. */
  readonly note?: string;
}

/** The facts of all places of the columns that the sample has anything at, in the order of the columns. */
export function placeFacts(columns: readonly Column[], seen: ReadonlyMap<string, Seen>): PlaceFacts[] {
  return columns.flatMap((column) => factsOf(column, [column.name], seen.get(column.name)));
}

function factsOf(type: ValueType, path: Path, seen: Seen | undefined): PlaceFacts[] {
  if (seen === undefined) return [];
  const note = type.type === 'json' ? noteOf(seen) : undefined;
  const values = seen.kinds().map((kind) => {
    const example = seen.exampleOf(kind);
    return { kind, count: seen.count(kind), ...(example === undefined ? {} : { example }) };
  });
  const facts = { place: placeName(path), type: type.type, values, ...(note === undefined ? {} : { note }) };
  return [facts, ...factsBelow(type, path, seen)];
}

/** The values of a map are spread over the fields of its objects: they are not told apart, nor added up. */
function factsBelow(type: ValueType, path: Path, seen: Seen): PlaceFacts[] {
  if (type.type === 'struct')
    return type.fields.flatMap((field) =>
      factsOf(field, [...path, field.name], seen.fields?.get(field.name)),
    );
  return type.type === 'list' ? factsOf(type.element, [...path, '*'], seen.element) : [];
}

function noteOf(seen: Seen): string | undefined {
  const nested = seen.kinds().filter((kind) => kind !== 'null');
  if (nested.length !== 1 || (nested[0] !== 'object' && nested[0] !== 'array')) return undefined;
  if (seen.closed === 'too many keys') return `more than ${MAX_STRUCT_KEYS} keys`;
  if (seen.closed === 'too deep') return `nested deeper than ${MAX_NESTED_LEVELS} levels`;
  if (seen.closed === undefined && seen.fields === undefined && seen.element === undefined)
    return 'all empty';
  return `more than ${MAX_COLUMN_LEAVES} nested places`;
}
