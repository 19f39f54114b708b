import type { ValueType } from '@winnow/kernel';
import fc from 'fast-check';
import { decimal, list, map, struct, type Cell, type Table } from './table.ts';

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
/** Microseconds of the years 1 to 9999, and days. */
const MICROS = { min: -62_135_596_800_000_000n, max: 253_402_300_799_999_999n };
const DAYS = { min: -719_162, max: 2_932_896 };

const MOMENTS: readonly fc.Arbitrary<Cell>[] = [
  fc.constantFrom(0n, 86_400_000_000n, -1n),
  fc.bigInt({ min: 1_700_000_000_000_000n, max: 1_700_000_900_000_000n }),
  fc.bigInt(MICROS),
];

/** Few distinct values, many, near each other, and all that the type has. */
const CELLS: Readonly<Record<string, readonly fc.Arbitrary<Cell>[]>> = {
  text: [
    fc.constantFrom('', 'a', 'ab', 'b'),
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.string({ unit: 'binary', minLength: 30, maxLength: 90 }),
  ],
  int64: [
    fc.constantFrom(0n, 1n, -1n),
    fc.bigInt({ min: 1_000_000n, max: 1_000_900n }),
    fc.bigInt(INT64),
    fc.constantFrom(INT64.min, INT64.max, 0n),
  ],
  double: [fc.constantFrom(0, -0, 1.5), fc.double({ noNaN: true })],
  boolean: [fc.boolean(), fc.constant(true)],
  json: [fc.constantFrom('[]', '{}', 'null'), fc.json({ maxDepth: 2 })],
  date: [fc.constantFrom(0, 19_000, -1), fc.integer(DAYS), fc.integer({ min: 19_000, max: 19_400 })],
  timestamp: MOMENTS,
  datetime: MOMENTS,
};

const decimals = (precision: number): readonly fc.Arbitrary<Cell>[] => {
  const max = 10n ** BigInt(precision) - 1n;
  return [fc.constantFrom(0n, -1n, max, -max), fc.bigInt({ min: -max, max })];
};

const flatType: fc.Arbitrary<ValueType> = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...Object.keys(CELLS)).map((type) => ({ type }) as ValueType) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 5, 18, 19, 25, 38), fc.nat(38))
      .map(([precision, scale]) => decimal(precision, Math.min(scale, precision))),
  },
);

/** Types with up to `depth` levels around the values. */
const nestedType = (depth: number): fc.Arbitrary<ValueType> => {
  if (depth === 0) return flatType;
  const inner = nestedType(depth - 1);
  return fc.oneof(
    flatType,
    inner.map(list),
    inner.map(map),
    fc
      .array(inner, { minLength: 1, maxLength: 3 })
      .map((types) => struct(Object.fromEntries(types.map((type, index) => [`f${index}`, type])))),
  );
};

/** Cells of one nature: what they are and how often there is none. */
function cellsOf(type: ValueType, nature: number, present: number): fc.Arbitrary<Cell> {
  const cell = valueOf(type, nature, present);
  if (present === 0) return cell;
  return fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: present, arbitrary: cell });
}

function valueOf(type: ValueType, nature: number, present: number): fc.Arbitrary<Cell> {
  switch (type.type) {
    case 'struct':
      return fc.tuple(...type.fields.map((field) => cellsOf(field, nature, present)));
    case 'list':
      return fc.array(cellsOf(type.element, nature, present), { maxLength: 4 });
    case 'map':
      return fc
        .array(cellsOf(type.value, nature, present), { maxLength: 3 })
        .map((values) => values.map((value, index) => [`k${(index * 7 + nature) % 10}`, value]));
    default: {
      const natures = type.type === 'decimal' ? decimals(type.precision) : CELLS[type.type]!;
      return natures[nature % natures.length]!;
    }
  }
}

/** Columns of one nature each. */
const column = (rows: number, depth: number): fc.Arbitrary<{ type: ValueType; cells: Cell[] }> =>
  fc
    .record({ type: nestedType(depth), nature: fc.nat(), present: fc.constantFrom(0, 1, 3, 50) })
    .chain(({ type, nature, present }) =>
      fc.record({
        type: fc.constant(type),
        cells: fc.array(cellsOf(type, nature, present), { minLength: rows, maxLength: rows }),
      }),
    );

/** With columns of all types, nested `depth` levels deep. */
export const arbitraryTable = (maxRows = 300, depth = 0): fc.Arbitrary<Table> =>
  fc
    .nat(maxRows)
    .chain((rows) =>
      fc.array(column(rows, depth), { minLength: 1, maxLength: 6 }).map((columns) => ({ rows, columns })),
    )
    .map(({ rows, columns }) => ({
      columns: columns.map(({ type }, index) => ({ name: `c${index}`, ...type })),
      rows: Array.from({ length: rows }, (_, r) => columns.map(({ cells }) => cells[r]!)),
    }));
