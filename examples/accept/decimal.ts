/** Exact sum of decimal texts (`12`, `-0.5`, `1706745600.0`), without trailing zeros. */
export function decimalSum(values: Iterable<string>): string {
  const SCALE = 9;
  let sum = 0n;
  for (const value of values) {
    const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9}))?$/.exec(value) ?? [];
    if (whole === '')
      throw new RangeError(`a sum takes plain decimals of at most ${SCALE} places, got ${value}`);
    const scaled = BigInt(whole + fraction.padEnd(SCALE, '0'));
    sum += sign === '-' ? -scaled : scaled;
  }
  const digits = String(sum < 0n ? -sum : sum).padStart(SCALE + 1, '0');
  const text = `${digits.slice(0, -SCALE)}.${digits.slice(-SCALE)}`;
  return (sum < 0n ? '-' : '') + withoutTrailingZeros(text);
}

/** `12.500` → `12.5`, `12.0` → `12` */
export const withoutTrailingZeros = (text: string): string =>
  text.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '');
