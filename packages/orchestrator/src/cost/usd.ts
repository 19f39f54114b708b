/** A millionth of a dollar: below it sums of floating point numbers are noise. */
export const roundUsd = (usd: number): number => Math.round(usd * 1e6) / 1e6;

/** `$12.30`, `$0.042`: cents, or two figures of what is less than ten of them; `<$0.0001`. */
export function usdText(usd: number): string {
  if (usd >= 0.1 || usd === 0) return `$${usd.toFixed(2)}`;
  return usd >= 0.0001 ? `$${Number(usd.toPrecision(2))}` : '<$0.0001';
}
