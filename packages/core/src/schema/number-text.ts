import { exactDouble } from '@winnow/kernel';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** Whether a JSON number is written as the canonical text of a 64-bit integer: no fraction, no exponent, no -0. */
export function isInt64Text(text: string): boolean {
  if (!/^-?(0|[1-9]\d*)$/.test(text) || text === '-0' || text.length > 20) return false;
  const value = BigInt(text);
  return value >= MIN_INT64 && value <= MAX_INT64;
}

/** Whether a column of doubles would hold the number: by the reader's own rule. */
export const fitsDouble = (text: string): boolean => !Number.isNaN(exactDouble(text));
