/** Bytes that tell a torn object from a whole one: each eight hold their own place, from `seed` on. */
export function pattern(length: number, seed = 0): Uint8Array {
  const words = new BigUint64Array(Math.ceil(length / 8));
  for (let i = 0; i < words.length; i++) words[i] = BigInt(seed) * 1_000_000_007n + BigInt(i);
  return new Uint8Array(words.buffer).subarray(0, length);
}
