import type { Kernel } from '@winnow/kernel';
import { arrayLines } from './array-lines.ts';
import { arrayTextLines } from './array-text.ts';
import { isEnoughForLayout, tellLayout, type TextLayout } from './text-layout.ts';
import { TextNotes, type TextOrigin } from './text-notes.ts';

interface Piece {
  readonly bytes: Uint8Array;
}

/** The text of an input with a record a line, of the same length as it is. */
export interface RecordLines {
  readonly layout: TextLayout;
  readonly pieces: AsyncIterable<Piece>;
  /** Of a text that was made lines; undefined where its own lines are its records. */
  readonly origin: TextOrigin | undefined;
}

export interface RecordLinesOptions {
  /** Gives the kernel that scans; asked for only where there is something to scan. */
  readonly kernel: () => Kernel;
  /** The keys that lead from a document to its records; undefined where inputs tell their layout. */
  readonly recordsPath?: readonly string[] | undefined;
  /** Nothing before this offset will be read. */
  readonly from?: number;
  /** The text ends before the input does: what is open at its end is no fault. */
  readonly isCut?: boolean;
}

/**
 * Makes a decoded input lines of the same length, byte for byte, whatever its layout: what stands between records
 * becomes line feeds and spaces, and a line feed within a record, which is white space there, a space. So decoded
 * offsets, the borders of sub-units and the reader are the same for all; quarantine gets the true bytes from `origin`.
 *
 * Looks at the first bytes at once, and up to {@link LAYOUT_HEAD_BYTES} where they begin an array. An error of the
 * input surfaces where its bytes are asked for.
 */
export async function openRecordLines(
  decoded: AsyncIterable<Piece>,
  options: RecordLinesOptions,
): Promise<RecordLines> {
  const { recordsPath, from = 0, isCut = false } = options;
  const { head, whole, pieces } = await readHead(decoded);
  // What is open where it is cut is no line that tells: a reading that went on there, and failed, did not count it either.
  const layout = recordsPath ? 'documents' : tellLayout(head, whole && !isCut);
  if (layout === 'ndjson') return { layout, pieces, origin: undefined };
  const notes = new TextNotes(from);
  if (layout === 'array-lines')
    return { layout, pieces: arrayLines(pieces, notes, { offset: 0, isCut }), origin: notes };
  const scanned = arrayTextLines(pieces, notes, { kernel: options.kernel(), path: recordsPath ?? [], isCut });
  return { layout, pieces: scanned, origin: notes };
}

/** The same of a byte range of a plain input that is known to have an element a line. */
export function rangeOfArrayLines(
  pieces: AsyncIterable<Piece>,
  offset: number,
  behind: (offset: number) => AsyncIterable<Uint8Array>,
): RecordLines {
  const notes = new TextNotes(offset);
  const lines = arrayLines(withMarkWhole(pieces), notes, { offset, behind, isCut: false });
  return { layout: 'array-lines', pieces: lines, origin: notes };
}

/** The same bytes, a byte order mark in one piece: a storage may give them a byte at a time. */
async function* withMarkWhole(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  let first: Uint8Array | undefined = new Uint8Array(0);
  for await (const piece of pieces) {
    if (!first) yield piece;
    else {
      first = Buffer.concat([first, piece.bytes]);
      if (first.length < 3) continue;
      yield { bytes: first };
      first = undefined;
    }
  }
  if (first && first.length > 0) yield { bytes: first };
}

interface Head {
  readonly head: Uint8Array;
  /** The head is all there is. */
  readonly whole: boolean;
  /** Everything, the head first. */
  readonly pieces: AsyncIterable<Piece>;
}

async function readHead(decoded: AsyncIterable<Piece>): Promise<Head> {
  const chunks = decoded[Symbol.asyncIterator]();
  let head: Uint8Array = new Uint8Array(0);
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let failure: { readonly error: unknown } | undefined;
  let whole = false;
  for (let enough = false; !enough && !whole && !failure;) {
    try {
      const step = await chunks.next();
      if (step.done === true) whole = true;
      else {
        held.push(step.value.bytes);
        heldBytes += step.value.bytes.length;
      }
    } catch (error) {
      failure = { error };
    }
    // Put together once it has doubled: an input may come byte by byte.
    if (heldBytes < 2 * head.length && !whole && !failure) continue;
    head = held.length === 1 ? (held[0] ?? head) : Buffer.concat(held);
    held = [head];
    enough = isEnoughForLayout(head);
  }
  return { head, whole, pieces: goOn(head, chunks, whole, failure) };
}

async function* goOn(
  head: Uint8Array,
  chunks: AsyncIterator<Piece>,
  ended: boolean,
  failure: { readonly error: unknown } | undefined,
): AsyncGenerator<Piece> {
  try {
    if (head.length > 0) yield { bytes: head };
    if (failure) throw failure.error;
    if (ended) return;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}
