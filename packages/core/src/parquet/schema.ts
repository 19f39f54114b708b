import type { Column, ValueType } from '@winnow/kernel';
import { PHYSICAL, REPETITIONS } from './format.ts';
import { LIST_NAMES, MAP_NAMES, type LeafType } from './leaf.ts';
import type { CompactWriter } from './thrift.ts';

/** Fields of the union LogicalType, and numbers of the enum ConvertedType, which older readers know instead. */
const LOGICAL = { text: 1, map: 2, list: 3, decimal: 5, date: 6, timestamp: 8, json: 12 } as const;
const CONVERTED = { text: 0, map: 1, list: 3, decimal: 5, date: 6, timestamp: 10, json: 19 } as const;

/** More digits than 8 bytes hold stand in 16. */
const MAX_INT64_PRECISION = 18;
const LONG_DECIMAL_BYTES = 16;

/** Whether a decimal stands in 16 bytes, the highest first. */
export const isLongDecimal = (type: LeafType): boolean =>
  type.type === 'decimal' && type.precision > MAX_INT64_PRECISION;

/** The number of the enum Type. */
export function physicalType(type: LeafType): number {
  switch (type.type) {
    case 'text':
    case 'json':
      return PHYSICAL.BYTE_ARRAY;
    case 'double':
      return PHYSICAL.DOUBLE;
    case 'boolean':
      return PHYSICAL.BOOLEAN;
    case 'date':
      return PHYSICAL.INT32;
    case 'decimal':
      return isLongDecimal(type) ? PHYSICAL.FIXED : PHYSICAL.INT64;
    default:
      return PHYSICAL.INT64;
  }
}

/** One SchemaElement; elements stand in pre-order, each with the number of its children. */
interface Element {
  readonly name: string;
  readonly repetition: keyof typeof REPETITIONS | undefined;
  /** Undefined for groups that are nothing but a level. */
  readonly type: ValueType | undefined;
  readonly children: number;
}

/** The schema's elements as field `id`: the root, then its columns. */
export function writeSchema(writer: CompactWriter, id: number, columns: readonly Column[]): void {
  const root: Element = {
    name: 'schema',
    repetition: undefined,
    type: undefined,
    children: columns.length,
  };
  const elements = columns.flatMap((column) => elementsOf(column, column.name, 'optional'));
  writer.structList(id, [root, ...elements], (element) => writeElement(writer, element));
}

function elementsOf(type: ValueType, name: string, repetition: 'optional' | 'required'): Element[] {
  const group = (children: number): Element => ({ name, repetition, type, children });
  const repeated = (entry: string, children: number): Element => ({
    name: entry,
    repetition: 'repeated',
    type: undefined,
    children,
  });
  switch (type.type) {
    case 'struct':
      return [
        group(type.fields.length),
        ...type.fields.flatMap((field) => elementsOf(field, field.name, 'optional')),
      ];
    case 'list':
      return [group(1), repeated(LIST_NAMES[0], 1), ...elementsOf(type.element, LIST_NAMES[1], 'optional')];
    case 'map':
      return [
        group(1),
        repeated(MAP_NAMES.entry, 2),
        ...elementsOf({ type: 'text' }, MAP_NAMES.key, 'required'),
        ...elementsOf(type.value, MAP_NAMES.value, 'optional'),
      ];
    default:
      return [group(0)];
  }
}

function writeElement(writer: CompactWriter, { name, repetition, type, children }: Element): void {
  const leaf = type === undefined || isNested(type) ? undefined : type;
  if (leaf !== undefined) writer.i32Field(1, physicalType(leaf));
  if (leaf !== undefined && isLongDecimal(leaf)) writer.i32Field(2, LONG_DECIMAL_BYTES);
  if (repetition !== undefined) writer.i32Field(3, REPETITIONS[repetition]);
  writer.binaryField(4, name);
  if (leaf === undefined) writer.i32Field(5, children);
  if (type !== undefined) writeMeaning(writer, type);
}

const isNested = (type: ValueType): type is Exclude<ValueType, LeafType> =>
  type.type === 'struct' || type.type === 'list' || type.type === 'map';

/** What the values mean: for older readers, then for newer ones. */
function writeMeaning(writer: CompactWriter, type: ValueType): void {
  // The specification asks for the older name without a zone, too.
  const name = type.type === 'datetime' ? 'timestamp' : type.type;
  if (!(name in LOGICAL)) return;
  const known = name as keyof typeof LOGICAL;
  writer.i32Field(6, CONVERTED[known]);
  if (type.type === 'decimal') {
    writer.i32Field(7, type.scale);
    writer.i32Field(8, type.precision);
  }
  writer.structField(10, () => writer.structField(LOGICAL[known], () => writeParameters(writer, type)));
}

function writeParameters(writer: CompactWriter, type: ValueType): void {
  if (type.type === 'decimal') {
    writer.i32Field(1, type.scale);
    writer.i32Field(2, type.precision);
  }
  if (type.type !== 'timestamp' && type.type !== 'datetime') return;
  writer.booleanField(1, type.type === 'timestamp');
  // The union TimeUnit: microseconds.
  writer.structField(2, () => writer.structField(2, () => undefined));
}
