/** A decimal as its digits, without zeros at either end, and a power of ten: equal texts are equal values. */
function canonicalDecimal(numeral: string): string {
  const exponentAt = numeral.search(/[eE]/);
  const mantissa = exponentAt < 0 ? numeral : numeral.slice(0, exponentAt);
  const sign = mantissa.startsWith('-') ? '-' : '';
  const pointAt = mantissa.indexOf('.');
  const places = pointAt < 0 ? 0 : mantissa.length - pointAt - 1;
  const digits = mantissa.slice(sign.length).replace('.', '');
  let first = 0;
  let last = digits.length;
  while (first < last && digits[first] === '0') first++;
  if (first === last) return `${sign}0`;
  while (digits[last - 1] === '0') last--;
  const exponent = exponentAt < 0 ? 0 : Number(numeral.slice(exponentAt + 1));
  return `${sign}${digits.slice(first, last)}e${exponent - places + digits.length - last}`;
}

/**
 * The double that holds a JSON number exactly, NaN where there is none: it must be finite and its shortest decimal
 * print must have the number's value; a number written as an integer must also be the double's very value, which above
 * 2^53 the shortest print need not be. The kernel decides almost all numbers itself (assembly/number/exact.ts) and asks
 * only for those near the ends of a double's range or too near the middle between two doubles.
 */
export function exactDouble(numeral: string): number {
  const value = Number(numeral);
  if (!Number.isFinite(value)) return NaN;
  // The usual case: the number was printed by a program that prints the shortest decimal.
  if (!Number.isInteger(value) && String(value) === numeral) return value;
  if (/^-?\d+$/.test(numeral) && BigInt(value) !== BigInt(numeral)) return NaN;
  const print = Object.is(value, -0) ? '-0' : String(value);
  return canonicalDecimal(numeral) === canonicalDecimal(print) ? value : NaN;
}
