import type { Receipt } from '../shapes/receipt.ts';

/** The key that drifted in the most of a receipt's records. */
export function mostDrifting({ drift }: Receipt): { key: string; records: number } | undefined {
  const [first, ...others] = drift;
  if (!first) return undefined;
  const { key, records } = others.reduce((most, fact) => (fact.records > most.records ? fact : most), first);
  return { key, records };
}
