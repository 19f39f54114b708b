// What tells fields and records apart. A line ends as its dialect says, and nothing else is a line end.

// Line ends: the order of CSV_NEWLINES in src/csv-dialect.ts.
export const LF_ONLY: u32 = 0;
export const CR_LF: u32 = 1;
export const CR_ONLY: u32 = 2;
export const ANY: u32 = 3;

/** No byte is this one: the dialect has no quote, or no comments. */
export const NO_BYTE: u32 = 0x100;

const LINE_FEED: u32 = 0x0a;
const CARRIAGE_RETURN: u32 = 0x0d;

@unmanaged
export class Dialect {
  delimiter: u32;
  quote: u32;
  /** The quote itself where it is doubled, or a backslash. */
  escape: u32;
  /** Begins a line that is no record. */
  comment: u32;
  newline: u32;
  /** The bytes that a line end may begin with; the same one twice where there is only one. */
  firstEnd: u32;
  secondEnd: u32;
  /** Whether a line without a byte is no record. */
  skipsBlank: u32;
}

export function setNewline(dialect: Dialect, newline: u32): void {
  dialect.newline = newline;
  dialect.firstEnd = newline == LF_ONLY ? LINE_FEED : CARRIAGE_RETURN;
  dialect.secondEnd = newline == ANY ? LINE_FEED : dialect.firstEnd;
}

/** Bytes of the line end at `p`; 0 = there is none. */
export function lineEndLength(dialect: Dialect, p: usize): u32 {
  const byte: u32 = load<u8>(p);
  const newline = dialect.newline;
  if (byte == LINE_FEED) return u32(newline == LF_ONLY || newline == ANY);
  if (byte != CARRIAGE_RETURN || newline == LF_ONLY) return 0;
  if (newline == CR_ONLY) return 1;
  return <u32>load<u8>(p, 1) == LINE_FEED ? 2 : u32(newline == ANY);
}

/** Whether the byte behind `p` must be known to tell what a line end at `p` is. */
export function looksAhead(dialect: Dialect, p: usize): bool {
  return <u32>load<u8>(p) == CARRIAGE_RETURN && (dialect.newline == CR_LF || dialect.newline == ANY);
}

/**
 * Ends the data at `end` so that no search runs past it: a line end, then a quote. A carriage return before it stays
 * without its line feed.
 */
export function closeData(dialect: Dialect, end: usize): void {
  store<u8>(end, dialect.firstEnd);
  store<u8>(end, LINE_FEED, 1);
  store<u8>(end, dialect.quote == NO_BYTE ? 0 : dialect.quote, 2);
}
