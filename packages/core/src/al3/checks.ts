import { diagnostic, type Diagnostic } from './diagnostic.ts';
import { offsetOfColumn, type SourceGroup } from './group.ts';

/** Where a header says what its trailer counts, and where the trailer has the number. */
const UNIT_COLUMN = 98;
const TOTAL_COLUMN = 11;
const TOTAL_BYTES = 8;
/** How a line may end behind the trailer, which is told before that is known. */
const LINE_ENDS = [1, 2];

/** What a message has, header and trailer counted. */
export interface MessageCounts {
  readonly groups: number;
  /** By the lengths in the headers, without what stands between groups. */
  readonly characters: number;
  /** Without the line ends that some senders count into the lengths. */
  readonly bare: number;
  readonly separators: number;
}

/**
 * The total of a trailer that does not agree with its message. Characters are counted with or without line ends: senders
 * do both. Nothing is checked where the total is not given, or the header does not tell its unit.
 */
export function checkTotal(
  header: SourceGroup,
  trailer: SourceGroup,
  { groups, characters, bare, separators }: MessageCounts,
): Diagnostic[] {
  const unit = textAt(header, UNIT_COLUMN, 1);
  const written = textAt(trailer, TOTAL_COLUMN, TOTAL_BYTES);
  if (!/^\d+$/.test(written) || (unit !== '0' && unit !== '1')) return [];
  const total = Number(written);
  const all = characters + separators;
  const right = unit === '1' ? [groups] : [characters, bare, all, ...LINE_ENDS.map((end) => all + end)];
  if (right.includes(total)) return [];
  const what = unit === '1' ? 'groups' : 'characters';
  const found = unit === '1' ? groups : characters;
  const message = `the trailer counts ${total} ${what}, the message has ${found}`;
  return [diagnostic('count-differs', offsetOfColumn(trailer, TOTAL_COLUMN), trailer.header.group, message)];
}

const textAt = ({ bytes }: SourceGroup, column: number, length: number): string =>
  Buffer.from(bytes.subarray(column - 1, column - 1 + length)).toString('latin1');
