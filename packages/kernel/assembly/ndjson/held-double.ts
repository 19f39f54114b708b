// Numbers for columns of doubles.
import { INTEGER } from './kinds';
import { exactDouble, numberBits, SAFE_INTEGER } from './number';

/**
 * The double that holds the number, NaN where there is none. To be asked right after `scanNumber` found its kind: an
 * INTEGER or a NUMERAL.
 */
export function heldDouble(start: usize, length: u32, kind: u32): f64 {
  const integer = <i64>numberBits;
  const isSafe = kind == INTEGER && integer <= SAFE_INTEGER && integer >= -SAFE_INTEGER;
  return isSafe ? <f64>integer : exactDouble(start, length);
}
