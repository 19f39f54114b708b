import {
  isFrame,
  isSkippable,
  parseFrameHeader,
  SKIPPABLE_HEADER_BYTES,
  skippableLength,
} from './zstd-format.ts';

export type Compression =
  | { readonly kind: 'none' }
  | { readonly kind: 'gzip' }
  | {
      readonly kind: 'zstd';
      /** The history that decoding its first frame must hold; undefined where `head` ends before that is told. */
      readonly windowBytes: number | undefined;
      /** Decoded size of the first frame, where the frame tells. */
      readonly contentSize?: number;
    };

/** How many of an input's first bytes tell what there is to tell, skippable frames aside. */
export const SNIFF_BYTES = 18;

/** ID1 and ID2 of RFC 1952, section 2.3.1. */
const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** The compression of an input, told by its first bytes and never by its name. */
export function sniff(head: Uint8Array): Compression {
  if (isGzip(head)) return { kind: 'gzip' };
  if (!isFrame(head) && !isSkippable(head)) return { kind: 'none' };
  const header = parseFrameHeader(behindSkippables(head));
  const { contentSize } = header ?? {};
  return {
    kind: 'zstd',
    windowBytes: header?.windowBytes,
    ...(contentSize === undefined ? {} : { contentSize }),
  };
}

function behindSkippables(head: Uint8Array): Uint8Array {
  let rest = head;
  while (isSkippable(rest)) {
    if (rest.length < SKIPPABLE_HEADER_BYTES) return rest.subarray(rest.length);
    rest = rest.subarray(skippableLength(rest));
  }
  return isFrame(rest) ? rest : rest.subarray(rest.length);
}
