/** How values are to be spelled, told once more by other means: JavaScript's own printing, BigInt and Date. */
import type { Column, ValueType } from '@winnow/kernel';
import type { Cell } from '../parquet/table.ts';

const MICROS_A_DAY = 86_400_000_000n;

const isoDay = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

function isoDatetime(micros: bigint): string {
  const ofDay = ((micros % MICROS_A_DAY) + MICROS_A_DAY) % MICROS_A_DAY;
  const day = isoDay(Number((micros - ofDay) / MICROS_A_DAY));
  const clock = new Date(Number(ofDay / 1_000_000n) * 1000).toISOString().slice(11, 19);
  const fraction = String(ofDay % 1_000_000n)
    .padStart(6, '0')
    .replace(/0+$/, '');
  return `${day}T${clock}${fraction === '' ? '' : `.${fraction}`}`;
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const text = scale === 0 ? whole : `${whole}.${digits.slice(digits.length - scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}

/** A value that is neither null nor nested, without quotes. */
export function plainText(type: ValueType, cell: Cell): string {
  switch (type.type) {
    case 'double':
      return Object.is(cell, -0) ? '-0.0' : String(cell);
    case 'decimal':
      return decimalText(cell as bigint, type.scale);
    case 'date':
      return isoDay(cell as number);
    case 'timestamp':
      return `${isoDatetime(cell as bigint)}Z`;
    case 'datetime':
      return isoDatetime(cell as bigint);
    default:
      return String(cell);
  }
}

/** A value as JSON text. */
export function jsonText(type: ValueType, cell: Cell): string {
  if (cell === null) return 'null';
  switch (type.type) {
    case 'text':
      return JSON.stringify(cell);
    case 'date':
    case 'timestamp':
    case 'datetime':
      return `"${plainText(type, cell)}"`;
    case 'struct':
      return objectText(type.fields, cell as Cell[]);
    case 'list':
      return `[${(cell as Cell[]).map((entry) => jsonText(type.element, entry)).join(',')}]`;
    case 'map': {
      const entries = (cell as [string, Cell][]).map(
        ([key, value]) => `${JSON.stringify(key)}:${jsonText(type.value, value)}`,
      );
      return `{${entries.join(',')}}`;
    }
    default:
      return plainText(type, cell);
  }
}

/** Columns or fields with their values; `_rest` and json stand as they are. */
export function objectText(columns: readonly Column[], cells: readonly Cell[]): string {
  const members = columns.map((column, index) => {
    const cell = cells[index] ?? null;
    const raw = column.name === '_rest' && cell !== null;
    return `${JSON.stringify(column.name)}:${raw ? (cell as string) : jsonText(column, cell)}`;
  });
  return `{${members.join(',')}}`;
}

/** What a CSV reader finds: null where there is nothing between the commas. */
export function csvText(type: ValueType, cell: Cell): string | null {
  if (cell === null) return null;
  const nested = type.type === 'struct' || type.type === 'list' || type.type === 'map';
  return nested ? jsonText(type, cell) : plainText(type, cell);
}
