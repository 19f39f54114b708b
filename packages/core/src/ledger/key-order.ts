/** Orders keys by their UTF-8 bytes, as storages list them (JavaScript's own order is by UTF-16 units). */
export function compareKeys(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}
