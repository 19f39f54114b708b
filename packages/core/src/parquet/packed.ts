/** Many short pieces of bytes as one: what a thousand columns in many row groups take as objects would be too much. */
export interface Packed {
  readonly bytes: Buffer;
  /** Where each piece ends. */
  readonly ends: Uint32Array;
}

export function pack(pieces: readonly Uint8Array[]): Packed {
  let end = 0;
  return { bytes: Buffer.concat(pieces), ends: Uint32Array.from(pieces, (piece) => (end += piece.length)) };
}

/** Where a piece begins in `bytes`. */
export const startOf = ({ ends }: Packed, index: number): number =>
  index === 0 ? 0 : (ends[index - 1] ?? 0);

export const lengthOf = (packed: Packed, index: number): number =>
  (packed.ends[index] ?? 0) - startOf(packed, index);

export const pieceOf = (packed: Packed, index: number): Buffer =>
  packed.bytes.subarray(startOf(packed, index), packed.ends[index]);
