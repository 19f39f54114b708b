const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Bytes of the byte order mark of UTF-8 at the start of an input: 3 or 0; undefined while more bytes could make one.
 * @param isWhole nothing comes behind `bytes`
 */
export function byteOrderMarkLength(bytes: Uint8Array, isWhole: boolean): number | undefined {
  const same = BYTE_ORDER_MARK.filter((byte, index) => bytes[index] === byte).length;
  if (same < 3 && same === bytes.length && !isWhole) return undefined;
  return same < 3 ? 0 : 3;
}
