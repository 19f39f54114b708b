// Numbers for columns of doubles.
import { heldDouble } from '../number/exact';
import { INTEGER, REAL } from './kinds';
import { numberBits, SAFE_INTEGER } from './number';

/** The double that holds the number just scanned exactly; NaN = none does. */
export function heldAsDouble(start: usize, length: u32, kind: u32): f64 {
  if (kind == REAL) return reinterpret<f64>(numberBits);
  const integer = <i64>numberBits;
  const isSafe = kind == INTEGER && integer <= SAFE_INTEGER && integer >= -SAFE_INTEGER;
  return isSafe ? <f64>integer : heldDouble(start, length);
}
