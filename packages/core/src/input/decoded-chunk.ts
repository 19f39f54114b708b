/** A piece of a decoded input. The bytes belong to whoever gets them. */
export interface DecodedChunk {
  readonly bytes: Uint8Array;
  /** Stored offset at which its frame or member began; in a plain input, its own. */
  readonly storedStart: number;
  /** Stored bytes taken so far; never falls. */
  readonly storedEnd: number;
}
