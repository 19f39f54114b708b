import fc from 'fast-check';
import type { Cell, Table } from './table.ts';

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };

const TYPES = ['text', 'int64', 'double', 'boolean', 'json'] as const;
type ColumnType = (typeof TYPES)[number];

/** Few distinct values, many, near each other, and all that the type has. */
const CELLS: Readonly<Record<ColumnType, readonly fc.Arbitrary<Cell>[]>> = {
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
};

/** Columns of one nature each: what their cells are and how often there is none. */
const column = (rows: number): fc.Arbitrary<{ type: ColumnType; cells: Cell[] }> =>
  fc
    .record({
      type: fc.constantFrom(...TYPES),
      nature: fc.nat(),
      present: fc.constantFrom(0, 1, 3, 50),
    })
    .chain(({ type, nature, present }) => {
      const cell = CELLS[type][nature % CELLS[type].length]!;
      const nullable =
        present === 0
          ? cell
          : fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: present, arbitrary: cell });
      return fc.record({
        type: fc.constant(type),
        cells: fc.array(nullable, { minLength: rows, maxLength: rows }),
      });
    });

export const arbitraryTable = (maxRows = 300): fc.Arbitrary<Table> =>
  fc
    .nat(maxRows)
    .chain((rows) =>
      fc.array(column(rows), { minLength: 1, maxLength: 6 }).map((columns) => ({ rows, columns })),
    )
    .map(({ rows, columns }) => ({
      columns: columns.map(({ type }, index) => ({ name: `c${index}`, type })),
      rows: Array.from({ length: rows }, (_, r) => columns.map(({ cells }) => cells[r]!)),
    }));
