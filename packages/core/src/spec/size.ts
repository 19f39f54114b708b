/** Factors of the suffixes: powers of two with an `i`, powers of ten without (`64MiB`, `64MB`). */
const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
};

export const MIB = 2 ** 20;

/**
 * Bytes of a size as people write it: `65536`, `64KiB`, `1.5 GiB`, `100MB`. A number without suffix counts `plainUnit`
 * bytes. Undefined for anything else, and where the bytes are no whole number.
 */
export function parseSize(value: unknown, plainUnit = 1): number | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') return undefined;
  const [, digits, suffix] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  if (digits === undefined || suffix === undefined) return undefined;
  const factor = suffix === '' ? plainUnit : FACTORS[suffix.toLowerCase()];
  if (factor === undefined) return undefined;
  const bytes = Number(digits) * factor;
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A size in the largest unit that prints it exactly: `64 MiB`, `1000 bytes`. */
export function sizeText(bytes: number): string {
  for (const [name, factor] of [['GiB', 2 ** 30] as const, ['MiB', MIB] as const, ['KiB', 2 ** 10] as const])
    if (bytes >= factor && bytes % factor === 0) return `${bytes / factor} ${name}`;
  return `${bytes} bytes`;
}
