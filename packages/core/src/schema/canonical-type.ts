import type { ValueType } from '@winnow/kernel';

/** One value for one type, in JSON: what the spec hash covers. */
export type CanonicalType =
  | string
  | { readonly struct: readonly (readonly [string, CanonicalType])[] }
  | { readonly list: CanonicalType }
  | { readonly map: CanonicalType };

/** Two types have equal canonical forms exactly where they are the same, the order of fields included. */
export function canonicalType(type: ValueType): CanonicalType {
  switch (type.type) {
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'struct':
      return { struct: type.fields.map((field) => [field.name, canonicalType(field)] as const) };
    case 'list':
      return { list: canonicalType(type.element) };
    case 'map':
      return { map: canonicalType(type.value) };
    default:
      return type.type;
  }
}
