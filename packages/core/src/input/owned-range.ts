import { LINE_FEED } from '../json-bytes.ts';

/** How far to look for the end of a range's last record at first; doubled each time, up to the largest. */
const FIRST_LOOK_BYTES = 256 * 1024;
const LARGEST_LOOK_BYTES = 8 * 1024 * 1024;

/** Reads `[start, end)` of a plain input, as `storage.read` does. */
export type ReadRange = (start: number, end: number) => AsyncIterable<Uint8Array>;

export interface OwnedRange {
  /** Where the first record that the range owns begins, or undefined where it owns none. */
  readonly firstOffset: number | undefined;
  /** The records, each with its newline; to be read once. */
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** `bytes` up to and with their first newline, or undefined where they have none. */
function throughNewline(bytes: Uint8Array): Uint8Array | undefined {
  const at = bytes.indexOf(LINE_FEED);
  return at === -1 ? undefined : bytes.subarray(0, at + 1);
}

/** From `start` to the first newline or the input's end, looking further and further. */
async function* throughRecordEnd(read: ReadRange, start: number, size: number): AsyncGenerator<Uint8Array> {
  let look = FIRST_LOOK_BYTES;
  for (let at = start; at < size; look = Math.min(look * 2, LARGEST_LOOK_BYTES)) {
    const end = Math.min(at + look, size);
    for await (const bytes of read(at, end)) {
      const record = throughNewline(bytes);
      yield record ?? bytes;
      if (record !== undefined) return;
    }
    at = end;
  }
}

/**
 * The records of a newline-delimited input whose first byte lies in `[start, end)`: ranges that lie side by side give
 * every record once. A record begins at 0 and behind each newline; it ends with its newline or the input.
 */
export async function ownedRange(
  read: ReadRange,
  range: { readonly start: number; readonly end: number },
  size: number,
): Promise<OwnedRange> {
  const { start } = range;
  const end = Math.min(range.end, size);
  // The byte before tells whether a record begins at `start`.
  const chunks = read(Math.max(start - 1, 0), end)[Symbol.asyncIterator]();
  let at = Math.max(start - 1, 0);
  let head: Uint8Array | undefined = new Uint8Array(0);
  for (let found = start === 0; !found;) {
    const step = start < end ? await chunks.next() : ({ done: true } as const);
    if (step.done === true) {
      head = undefined;
      break;
    }
    const skipped = throughNewline(step.value);
    found = skipped !== undefined;
    at += (skipped ?? step.value).length;
    head = step.value.subarray((skipped ?? step.value).length);
  }
  if (head === undefined || at >= end) {
    await chunks.return?.();
    return { firstOffset: undefined, bytes: (async function* () {})() };
  }
  return { firstOffset: at, bytes: records(read, head, chunks, end, size) };
}

async function* records(
  read: ReadRange,
  head: Uint8Array,
  chunks: AsyncIterator<Uint8Array>,
  end: number,
  size: number,
): AsyncGenerator<Uint8Array> {
  let last: number | undefined;
  try {
    for (let bytes: Uint8Array | undefined = head; bytes !== undefined;) {
      last = bytes.at(-1) ?? last;
      if (bytes.length > 0) yield bytes;
      const step = await chunks.next();
      bytes = step.done === true ? undefined : step.value;
    }
  } finally {
    await chunks.return?.();
  }
  if (last !== LINE_FEED) yield* throughRecordEnd(read, end, size);
}
