// Finding the next byte that matters. `closeData` has set a stop behind the data, so no loop here needs a limit.
import { Dialect, lineEndLength } from './dialect';

// @ts-ignore: decorator
@inline
function sixteenBits(p: usize, delimiters: v128, firstEnds: v128, secondEnds: v128): u64 {
  const bytes = v128.load(p);
  const ends = v128.or(i8x16.eq(bytes, firstEnds), i8x16.eq(bytes, secondEnds));
  return <u64>(<u32>i8x16.bitmask(v128.or(ends, i8x16.eq(bytes, delimiters))));
}

/** Bit i is set where byte i is a delimiter or may begin a line end: 64 bytes. */
// @ts-ignore: decorator
@inline
export function specialBits(p: usize, delimiters: v128, firstEnds: v128, secondEnds: v128): u64 {
  return (
    sixteenBits(p, delimiters, firstEnds, secondEnds) |
    (sixteenBits(p + 16, delimiters, firstEnds, secondEnds) << 16) |
    (sixteenBits(p + 32, delimiters, firstEnds, secondEnds) << 32) |
    (sixteenBits(p + 48, delimiters, firstEnds, secondEnds) << 48)
  );
}

// @ts-ignore: decorator
@inline
export function splat(byte: u32): v128 {
  return i8x16.splat(<i8>byte);
}

/** The first place from `p` on where a line may end. */
function nextCandidate(dialect: Dialect, p: usize): usize {
  const firstEnds = splat(dialect.firstEnd);
  const secondEnds = splat(dialect.secondEnd);
  let bits: i32 = 0;
  while (!bits) {
    const bytes = v128.load(p);
    bits = i8x16.bitmask(v128.or(i8x16.eq(bytes, firstEnds), i8x16.eq(bytes, secondEnds)));
    p += bits ? <usize>ctz(bits) : 16;
  }
  return p;
}

/** The first line end from `p` on, quoted or not. */
export function nextLineEnd(dialect: Dialect, p: usize): usize {
  p = nextCandidate(dialect, p);
  while (!lineEndLength(dialect, p)) p = nextCandidate(dialect, p + 1);
  return p;
}

/** Line ends that begin in [from, to). */
export function countLineEnds(dialect: Dialect, from: usize, to: usize): u32 {
  let count: u32 = 0;
  let p = nextLineEnd(dialect, from);
  while (p < to) {
    count++;
    p = nextLineEnd(dialect, p + lineEndLength(dialect, p));
  }
  return count;
}
