// Texts that were in quotes, without their escapes.
import { Dialect } from './dialect';
import { splat } from './scan';

/**
 * Copies the text and resolves its escapes; returns its length. A backslash before anything but a quote or a backslash
 * is text. `to` needs room for `length` bytes and SLACK.
 */
export function unescapeText(dialect: Dialect, from: usize, length: u32, to: usize): u32 {
  const quote = dialect.quote;
  const escape = dialect.escape;
  const escapes = splat(escape);
  const end = from + length;
  const start = to;
  while (from < end) {
    const bytes = v128.load(from);
    v128.store(to, bytes);
    const bits = i8x16.bitmask(i8x16.eq(bytes, escapes));
    const plain: usize = bits ? <usize>ctz(bits) : 16;
    if (from + plain >= end) return <u32>(to - start + (end - from));
    from += plain;
    to += plain;
    if (!bits) continue;
    const next: u32 = load<u8>(from, 1);
    if (next == quote || next == escape) from++;
    store<u8>(to++, load<u8>(from++));
  }
  return <u32>(to - start);
}
