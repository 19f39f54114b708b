import { expect } from '@jest/globals';
import type { CellValue } from '../src/batch-rows.ts';
import type { ValueType } from '../src/column.ts';
import type { Kernel } from '../src/kernel.ts';
import { readAll } from './read-all.ts';
import { optionsOf } from './reader-options.ts';

/** Enough for the longest numeral that the tests write. */
export const LONG_RECORDS = 1 << 24;

/** What comes of one value, given as JSON text; 'drifts' where `_rest` has it as it is. */
export function outcomeOf(kernel: Kernel, type: ValueType, value: string): CellValue | undefined {
  const line = `{"v":${value}}`;
  const { rows, bad } = readAll(
    kernel,
    optionsOf('rest', [{ name: 'v', ...type }], LONG_RECORDS),
    Buffer.from(line),
  );
  expect(bad).toStrictEqual([]);
  const [cell, rest] = rows[0]!;
  if (cell === null) expect(rest).toBe(line);
  else expect(rest).toBeNull();
  return cell === null ? 'drifts' : cell;
}
