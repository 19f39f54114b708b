/** A piece of a decoded input. The bytes belong to whoever gets them. */
export interface DecodedChunk {
  readonly bytes: Uint8Array;
  /** Stored bytes taken so far; never falls. */
  readonly storedEnd: number;
}
