/** A millionth of a dollar: below it sums of floating point numbers are noise. */
export const roundUsd = (usd: number): number => Math.round(usd * 1e6) / 1e6;

/** `$12.30`, `$0.042`: cents, or two figures of what is less than ten of them. */
export const usdText = (usd: number): string =>
  `$${usd >= 0.1 || usd === 0 ? usd.toFixed(2) : usd >= 0.0001 ? String(Number(usd.toPrecision(2))) : '0.0001'}`;
