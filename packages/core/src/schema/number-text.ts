const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** Whether a JSON number is written as the canonical text of a 64-bit integer: no fraction, no exponent, no -0. */
export function isInt64Text(text: string): boolean {
  if (!/^-?(0|[1-9]\d*)$/.test(text) || text === '-0' || text.length > 20) return false;
  const value = BigInt(text);
  return value >= MIN_INT64 && value <= MAX_INT64;
}

/**
 * Whether a double holds the number exactly: its shortest print has the same value as the text. A number written as an
 * integer must also be the double's very value, which above 2^53 the shortest print need not be.
 */
export function fitsDouble(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  if (!Number.isSafeInteger(value) && /^-?\d+$/.test(text) && BigInt(value) !== BigInt(text)) return false;
  // As most are printed that a double holds at all.
  if (String(value) === text) return true;
  return canonical(text) === canonical(Object.is(value, -0) ? '-0' : String(value));
}

/** Digits without leading or trailing zeros and an exponent, so that equal values have equal texts. */
function canonical(text: string): string {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match) return text;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  const significant = digits.replace(/0+$/, '');
  if (significant === '') return `${sign}0`;
  return `${sign}${significant}e${Number(exponent) - fraction.length + digits.length - significant.length}`;
}
