import { Kernel } from '@winnow/kernel';
import { WinnowError } from '../errors.ts';
import { sniff, type Compression } from '../input/compression.ts';
import { decode } from '../input/decode.ts';
import { openRecordLines } from '../input/record-lines.ts';
import { isEnoughForLayout, LAYOUT_HEAD_BYTES, tellLayout, type TextLayout } from '../input/text-layout.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { Storage } from '../storage/storage.ts';
import { sampleWindows, wholeLines, WINDOW_BYTES } from './sample-lines.ts';

/** Enough for the header of a gzip member or zstd frame behind a small skippable frame. */
const HEAD_BYTES = 4096;
/** Compressed inputs up to this size are sampled from a whole decode, larger ones from their beginning. */
const WHOLE_DECODE_BYTES = 2 ** 20;
const MAX_DECODED_BYTES = 16 * 2 ** 20;
/** Sampling touches the beginning of a window only: any window that the format allows is fine. */
const ANY_WINDOW = 2 ** 31;

/** What sampling an input tells about it. */
export interface InputSample {
  readonly input: PlannedInput;
  readonly compression: Compression;
  readonly lines: readonly string[];
  /** Decoded bytes for each stored byte. */
  readonly ratio: number;
}

/** How an input is compressed, by its content. */
export async function readCompression(storage: Storage, input: PlannedInput): Promise<Compression> {
  return sniff(await readPiece(storage, input, 0, Math.min(HEAD_BYTES, input.size)));
}

/** How the records of a plain input lie, by its content. */
export async function readLayout(storage: Storage, input: PlannedInput): Promise<TextLayout> {
  const { size } = input;
  let head = await readPiece(storage, input, 0, Math.min(HEAD_BYTES, size));
  if (!isEnoughForLayout(head)) head = await readPiece(storage, input, 0, Math.min(LAYOUT_HEAD_BYTES, size));
  return tellLayout(head, head.length === size);
}

/**
 * Whether a failure is a finding about the input, which a plan may go on with. One that may pass is none: a plan that
 * hung on it would be another one the next time, with other columns and other cuts.
 */
export const isFinding = (error: unknown): boolean => error instanceof WinnowError && !error.retryable;

/**
 * Undefined where the input cannot be read: the worker will say why.
 *
 * @throws what may pass: the same again may read it
 */
export async function sampleInput(
  storage: Storage,
  input: PlannedInput,
  recordsPath?: readonly string[],
): Promise<InputSample | undefined> {
  try {
    const compression = await readCompression(storage, input);
    return compression.kind === 'none'
      ? { input, compression, lines: await plainLines(storage, input, recordsPath), ratio: 1 }
      : { input, compression, ...(await compressedLines(storage, input, recordsPath)) };
  } catch (error) {
    if (isFinding(error)) return undefined;
    throw error;
  }
}

/** Where an array or a document stands at some byte is known only from its beginning: that is sampled alone. */
async function plainLines(
  storage: Storage,
  input: PlannedInput,
  recordsPath: readonly string[] | undefined,
): Promise<string[]> {
  const { size } = input;
  const layout = recordsPath ? 'documents' : await readLayout(storage, input);
  if (layout === 'array' || layout === 'documents') {
    const beginning = await readPiece(storage, input, 0, Math.min(3 * WINDOW_BYTES, size));
    return textLines(beginning, beginning.length === size, recordsPath);
  }
  const lines: string[] = [];
  for (const { start, end } of sampleWindows(size)) {
    const piece = await readPiece(storage, input, start, end);
    // One by one: a window of nothing but blank lines has more of them than a call takes arguments.
    for (const line of wholeLines(piece, start === 0, end === size)) lines.push(line);
  }
  return layout === 'array-lines' ? lines.map(elementOf) : lines;
}

/** The element on a line of an array, without its comma; nothing where the line holds a bracket of the array alone. */
const elementOf = (line: string): string => line.replace(/^\s*[[\]]\s*$|,\s*$/, '');

async function compressedLines(
  storage: Storage,
  input: PlannedInput,
  recordsPath: readonly string[] | undefined,
): Promise<{ lines: string[]; ratio: number }> {
  const wanted = input.size <= WHOLE_DECODE_BYTES ? MAX_DECODED_BYTES : 3 * WINDOW_BYTES;
  const { decoded, stored, whole } = await decodeBeginning(storage, input, wanted);
  const lines = await textLines(decoded, whole, recordsPath);
  return { lines, ratio: stored > 0 ? decoded.length / stored : 1 };
}

/** The sampled records of the beginning of an input, or all of it (`whole`), as lines. */
async function textLines(
  text: Uint8Array,
  whole: boolean,
  recordsPath: readonly string[] | undefined,
): Promise<string[]> {
  const bytes = await recordLinesOf(text, recordsPath);
  return sampleWindows(bytes.length).flatMap(({ start, end }) =>
    wholeLines(bytes.subarray(start, end), start === 0, whole && end === bytes.length),
  );
}

async function recordLinesOf(text: Uint8Array, recordsPath: readonly string[] | undefined): Promise<Buffer> {
  const { pieces } = await openRecordLines(inOnePiece(text), {
    kernel: () => new Kernel(),
    recordsPath,
    isCut: true,
  });
  const lines: Uint8Array[] = [];
  for await (const { bytes } of pieces) lines.push(bytes);
  return Buffer.concat(lines);
}

async function* inOnePiece(bytes: Uint8Array): AsyncGenerator<{ bytes: Uint8Array }> {
  yield await Promise.resolve({ bytes });
}

async function decodeBeginning(
  storage: Storage,
  input: PlannedInput,
  wanted: number,
): Promise<{ decoded: Uint8Array; stored: number; whole: boolean }> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  let stored = 0;
  let whole = true;
  try {
    for await (const chunk of decode(storage.read(input.key, { pin: input.pin }), {
      maxWindowBytes: ANY_WINDOW,
    })) {
      chunks.push(chunk.bytes);
      length += chunk.bytes.length;
      stored = chunk.storedEnd;
      if (length < wanted) continue;
      whole = false;
      break;
    }
  } catch (error) {
    // A damaged stream still shows what its records look like; the worker refuses it from the damage on.
    if (!isFinding(error)) throw error;
    whole = false;
  }
  return { decoded: Buffer.concat(chunks), stored, whole };
}

async function readPiece(storage: Storage, input: PlannedInput, start: number, end: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of storage.read(input.key, { start, end, pin: input.pin })) chunks.push(chunk);
  return Buffer.concat(chunks);
}
