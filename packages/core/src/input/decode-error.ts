import { WinnowError, type ErrorFacts } from '../errors.ts';

/**
 * Thrown when a compressed input cannot be decoded to its end. What may be kept is the same however the stored bytes
 * were cut into chunks; {@link DecodeOptions.decodedLimit} gives just that on a second pass.
 *
 * - `truncated`: the stored bytes end too early. All that was decoded is kept.
 * - `corrupt`: they are damaged, or something else follows. All since the frame or member began is condemned, for its
 *   checksum comes last.
 * - `over-limit`: they decode to more than is taken of an input. All up to the limit is kept.
 */
export class DecodeError extends WinnowError {
  readonly kind: 'truncated' | 'corrupt' | 'over-limit';
  /**
   * Where the refused rest begins in the stored bytes: where the frame or member began (for `over-limit` the one that goes
   * over it); for `truncated` where the cut
   * block of a zstd frame begins, and the end of what is there in a gzip member.
   */
  readonly storedOffset: number;
  /** Decoded bytes that may be kept. */
  readonly decodedOffset: number;
  constructor(
    kind: DecodeError['kind'],
    detail: string,
    at: { readonly storedOffset: number; readonly decodedOffset: number },
    facts: ErrorFacts = {},
  ) {
    super(
      `compressed input is ${kind} from stored byte ${at.storedOffset} on: ${detail}; ${at.decodedOffset} decoded bytes are kept`,
      facts,
    );
    this.kind = kind;
    this.storedOffset = at.storedOffset;
    this.decodedOffset = at.decodedOffset;
  }
}
