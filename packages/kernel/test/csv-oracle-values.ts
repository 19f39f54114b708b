/** What the oracle says of the text of a CSV field: the value of its column, and how that is printed. */
import type { CellValue } from '../src/batch-rows.ts';
import type { Column } from '../src/column.ts';
import { fitted } from './oracle-fitted.ts';
import { toDouble } from './oracle.ts';

const INTEGER = /^(0|-?[1-9][0-9]*)$/;
const NUMBER = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?$/;

function valueOf(text: string, column: Column): CellValue | undefined {
  switch (column.type) {
    case 'text':
      return text;
    case 'boolean':
      return text === 'true' || text === 'false' ? text === 'true' : undefined;
    case 'int64': {
      if (!INTEGER.test(text)) return undefined;
      const integer = BigInt(text);
      return integer >= -(2n ** 63n) && integer < 2n ** 63n ? integer : undefined;
    }
    case 'double':
      return NUMBER.test(text) ? toDouble(text) : undefined;
    default:
      return fitted(column, { type: 'string', text, raw: '' });
  }
}

function printDecimal(unscaled: bigint, scale: number): string {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  const point = digits.length - scale;
  const fraction = scale > 0 ? `.${digits.slice(point)}` : '';
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${fraction}`;
}

function printMoment(micros: bigint): string {
  const second = 1_000_000n;
  const fraction = ((micros % second) + second) % second;
  const whole = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19);
  if (fraction === 0n) return whole;
  return `${whole}.${fraction.toString().padStart(6, '0').replace(/0+$/, '')}`;
}

function print(value: CellValue, column: Column): string {
  if (Object.is(value, -0)) return '-0.0';
  if (typeof value === 'bigint') {
    if (column.type === 'decimal') return printDecimal(value, column.scale);
    if (column.type === 'timestamp') return `${printMoment(value)}Z`;
    if (column.type === 'datetime') return printMoment(value);
  }
  if (column.type === 'date') return new Date(Number(value) * 86_400_000).toISOString().slice(0, 10);
  return String(value);
}

/** The column's value; undefined where the text does not fit. */
export function fitText(text: string, column: Column, fit: 'print' | 'value'): CellValue | undefined {
  const value = valueOf(text, column);
  if (value === undefined || fit === 'value') return value;
  return print(value, column) === text ? value : undefined;
}
