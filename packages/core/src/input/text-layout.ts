import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  LINE_FEED,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from '../json-bytes.ts';
import { markLength, skipSpace, trimmedEnd } from './json-space.ts';

/**
 * How the records lie in a decoded input:
 *
 * - `ndjson`: each line one;
 * - `array-lines`: a JSON array with an element a line, its brackets on lines of their own (Wikidata's dumps): it can
 *   be cut into byte ranges, and each line is read whatever the others are like;
 * - `array`: JSON arrays, one behind the other, of any spelling;
 * - `documents`: JSON documents, one behind the other, whose records stand at `recordsPath`.
 */
export type TextLayout = 'ndjson' | 'array-lines' | 'array' | 'documents';

/** So much of an input's beginning tells its layout. */
export const LAYOUT_HEAD_BYTES = 2 ** 20;

/**
 * The layout of an input by its first {@link LAYOUT_HEAD_BYTES}, or all of it (`whole`).
 *
 * | begins with                                              | layout                        |
 * |----------------------------------------------------------|-------------------------------|
 * | anything but `[`                                         | ndjson                        |
 * | `[`, then neither `{` nor `]`: lines that are arrays     | ndjson: each is quarantined   |
 * | `[]` and more on its line                                | ndjson, the same              |
 * | `[` alone on its line, and no line goes on on the next   | array-lines                   |
 * | anything else                                            | array                         |
 */
export function tellLayout(beginning: Uint8Array, whole: boolean): Exclude<TextLayout, 'documents'> {
  const head = beginning.subarray(0, LAYOUT_HEAD_BYTES);
  const bracket = skipSpace(head, markLength(head));
  if (head[bracket] !== OPEN_BRACKET) return 'ndjson';
  const first = skipSpace(head, bracket + 1);
  if (first === head.length) return 'array';
  if (head[first] === CLOSE_BRACKET && !endsLine(head, first + 1)) return 'ndjson';
  if (head[first] !== OPEN_BRACE && head[first] !== CLOSE_BRACKET) return 'ndjson';
  if (!head.subarray(bracket, first).includes(LINE_FEED)) return 'array';
  return hasElementLines(head, first, whole && head.length < LAYOUT_HEAD_BYTES) ? 'array-lines' : 'array';
}

/** Whether nothing but white space stands on the line from `start` on. */
function endsLine(head: Uint8Array, start: number): boolean {
  const found = head.indexOf(LINE_FEED, start);
  const end = found < 0 ? head.length : found;
  return skipSpace(head, start, end) === end;
}

/**
 * Whether each line from `start` on is an element. A damaged one does not make the text another layout: what tells that
 * an element goes on is a line that begins with what only the rest of one can begin with.
 */
function hasElementLines(head: Uint8Array, start: number, whole: boolean): boolean {
  let isOpen = false;
  let isOutside = false;
  for (let at = start; at < head.length;) {
    const found = head.indexOf(LINE_FEED, at);
    if (found < 0 && !whole) break;
    const end = found < 0 ? head.length : found;
    const line = head.subarray(skipSpace(head, at, end), trimmedEnd(head, at, end));
    at = end + 1;
    if (line.length === 0) continue;
    const isBracket = line.length === 1 && (line[0] === OPEN_BRACKET || line[0] === CLOSE_BRACKET);
    if (!isBracket) {
      const first = line[0];
      if (first === CLOSE_BRACE || first === CLOSE_BRACKET || first === COMMA) return false;
      if (isOpen && first !== OPEN_BRACE) return false;
      // A further array that is written in another way.
      if (isOutside && first === OPEN_BRACKET) return false;
    }
    isOutside = isBracket && line[0] === CLOSE_BRACKET;
    const open = isBracket ? 0 : openBrackets(line);
    if (open === undefined) return false;
    isOpen = open > 0;
  }
  return true;
}

/** Brackets that a line leaves open; undefined where it closes more than it opens, or holds several elements. */
function openBrackets(line: Uint8Array): number | undefined {
  let depth = 0;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at];
    if (byte === QUOTE) at = stringEnd(line, at);
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      if (--depth < 0) return undefined;
    } else if (byte === COMMA && depth === 0 && at < line.length - 1) return undefined;
  }
  return depth;
}

function stringEnd(line: Uint8Array, quote: number): number {
  let at = quote + 1;
  while (at < line.length && line[at] !== QUOTE) at += line[at] === BACKSLASH ? 2 : 1;
  return at;
}

/** Whether these first bytes are enough to tell the layout. */
export function isEnoughForLayout(head: Uint8Array): boolean {
  const mark = markLength(head);
  if (head.length < 3) return false;
  const first = skipSpace(head, mark);
  return head.length >= LAYOUT_HEAD_BYTES || (first < head.length && head[first] !== OPEN_BRACKET);
}
