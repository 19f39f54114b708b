import { createHash } from 'node:crypto';

/** A pseudo-random number in [0, 1), of the seed, of what is drawn for, and of how many were drawn for it before. */
export function draw(seed: number, what: string, before: number): number {
  const hash = createHash('sha256').update(`${seed}\n${before}\n${what}`).digest();
  return hash.readUIntBE(0, 6) / 2 ** 48;
}
