import { compress } from './compress.ts';
import type { MARKS } from './decompress.ts';
import type { SourceGroup, Stray } from './group.ts';
import type { Item } from './transaction.ts';

/** How a file is laid out; what it says does not depend on it. */
export interface Al3Layout {
  readonly separator: 'crlf' | 'lf' | 'none';
  /** Lengths count the CR LF: only where that is the separator. */
  readonly countsSeparator?: boolean;
  /** Runs are compressed, with this mark. */
  readonly mark?: (typeof MARKS)[number] | undefined;
}

const SEPARATORS = { crlf: '\r\n', lf: '\n', none: '' } as const;
const LONGEST = 999;

/** The bytes of groups, and of what stood between them, in their order: what reads them finds the same again. */
export const writeItems = (items: readonly Item[], layout: Al3Layout): Buffer =>
  Buffer.concat(
    items.map((item) => (item.kind === 'group' ? writeGroup(item.group, layout) : strayBytes(item.stray))),
  );

const strayBytes = ({ bytes }: Stray): Uint8Array => bytes;

/**
 * A group as bytes, its length told anew. Data that end in CR LF would be taken for a line that ends: then another CR LF is
 * counted, whatever the layout.
 *
 * @throws RangeError where it is too long for its header to tell
 */
export function writeGroup(
  group: Pick<SourceGroup, 'bytes' | 'cut' | 'length'>,
  { separator, countsSeparator, mark }: Al3Layout,
): Buffer {
  const { bytes, cut } = group;
  const isCounted = countsSeparator === true && separator === 'crlf' && bytes.length + 2 <= LONGEST;
  const endsInLine = bytes.at(-2) === 0x0d && bytes.at(-1) === 0x0a;
  const lineEnd = !cut && (isCounted || endsInLine) ? '\r\n' : '';
  // What was cut stays cut: its header tells how long it was.
  const length = cut ? group.length : bytes.length + lineEnd.length;
  if (length > LONGEST) throw new RangeError(`a group has at most ${LONGEST} bytes, got ${length}`);
  const whole = Buffer.concat([bytes, Buffer.from(lineEnd)]);
  whole.write(String(length).padStart(3, '0'), 4, 'latin1');
  const packed = mark === undefined ? whole : compress(whole, mark);
  return Buffer.concat([packed, Buffer.from(cut || isCounted ? '' : SEPARATORS[separator])]);
}
