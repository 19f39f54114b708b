import { childrenOf } from './column-node.ts';
import { type Column, MAX_PRECISION, type ValueType } from './column.ts';

/** Nested types inside one another in a column: `assembly/ndjson/path.ts` has room for a path through them. */
const MAX_SCHEMA_DEPTH = 32;

/** @throws RangeError where columns or what is below them break a rule of {@link ValueType}. */
export function checkColumns(columns: readonly Column[]): void {
  checkNames(columns, 'column names');
  for (const column of columns) checkType(column, JSON.stringify(column.name), 0);
}

function checkType(type: ValueType, column: string, depth: number): void {
  if (depth > MAX_SCHEMA_DEPTH) {
    throw new RangeError(
      `column ${column} must have at most ${MAX_SCHEMA_DEPTH} levels below it, has more: make one of them json`,
    );
  }
  if (type.type === 'decimal') checkDecimal(type.precision, type.scale, column);
  if (type.type === 'struct') {
    if (type.fields.length === 0) {
      throw new RangeError(
        `a struct must have a field, one in column ${column} has none: make it a map or json`,
      );
    }
    checkNames(type.fields, `fields of a struct in column ${column}`);
  }
  for (const child of childrenOf(type)) checkType(child, column, depth + 1);
}

function checkNames(columns: readonly Column[], what: string): void {
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name)) throw new RangeError(`${what} must differ, got "${name}" twice`);
    names.add(name);
  }
}

function checkDecimal(precision: number, scale: number, column: string): void {
  const isWhole = Number.isInteger(precision) && Number.isInteger(scale);
  if (isWhole && precision >= 1 && precision <= MAX_PRECISION && scale >= 0 && scale <= precision) return;
  throw new RangeError(
    `a decimal must have a precision from 1 to ${MAX_PRECISION} and a scale from 0 to it, ` +
      `one in column ${column} has ${precision} and ${scale}`,
  );
}
