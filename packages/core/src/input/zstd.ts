import { constants, createZstdDecompress } from 'node:zlib';
import { OutOfMemoryError } from '../errors.ts';
import { DecodeError } from './decode-error.ts';
import type { DecodedChunk } from './decoded-chunk.ts';
import { decoderFailure } from './decoder-failure.ts';
import { Inflater } from './inflater.ts';
import { memoryClassFor } from '../memory-class.ts';
import type { StoredReader } from './stored-reader.ts';
import { DamageSigns } from './zstd-damage.ts';
import {
  BLOCK_HEADER_BYTES,
  blockHeader,
  CHECKSUM_BYTES,
  frameHeaderLength,
  isFrame,
  isSkippable,
  MAGIC_BYTES,
  mayBeMagic,
  parseFrameHeader,
  RESERVED_BLOCK,
  SKIPPABLE_HEADER_BYTES,
  skippableLength,
  type FrameHeader,
} from './zstd-format.ts';

/** The largest window that libzstd decodes as a stream: 2 GiB (ZSTD_WINDOWLOG_MAX_64). */
const WINDOW_LOG_MAX = 31;
const OUTPUT_BYTES = 256 * 1024;

interface Position {
  readonly storedOffset: number;
  readonly decodedOffset: number;
}

const headerCut = (at: Position): DecodeError =>
  new DecodeError('truncated', 'it ends inside the header of a zstd frame', at);

async function readHeader(
  reader: StoredReader,
  at: Position,
  maxWindowBytes: number,
): Promise<[Uint8Array, FrameHeader]> {
  const descriptor = (await reader.peek(MAGIC_BYTES + 1))[MAGIC_BYTES];
  if (descriptor === undefined) throw headerCut(at);
  const bytes = await reader.take(frameHeaderLength(descriptor));
  const header = parseFrameHeader(bytes);
  if (header === undefined) throw headerCut(at);
  if (header.windowBytes > 2 ** WINDOW_LOG_MAX) {
    throw new DecodeError('corrupt', `a zstd window is 2 GiB at most, got ${header.windowBytes} bytes`, at);
  }
  if (header.windowBytes > maxWindowBytes) {
    const neededMiB = memoryClassFor(header.windowBytes);
    throw new OutOfMemoryError(
      `decoding needs a zstd window of ${header.windowBytes} bytes, and this process has room for ${maxWindowBytes}: give it ${neededMiB} MiB`,
      neededMiB,
    );
  }
  return [bytes, header];
}

/**
 * The stored bytes of a frame behind its header, in pieces that end where blocks end, so that what comes out of them
 * does not depend on where stored chunks were cut.
 */
async function* wholeBlocks(
  reader: StoredReader,
  at: Position,
  signs: DamageSigns,
): AsyncGenerator<Uint8Array, boolean> {
  for (let ended = false; !ended;) {
    const stored = await reader.next();
    if (stored === undefined) return false;
    const start = reader.offset - stored.length;
    let end = 0;
    while (!ended && end + BLOCK_HEADER_BYTES <= stored.length) {
      const block = blockHeader(stored, end);
      const next = end + block.length;
      if (block.type === RESERVED_BLOCK || next > stored.length) break;
      signs.see(block, start + end);
      ended = block.last;
      end = next;
    }
    reader.unread(stored.subarray(end));
    if (end > 0) {
      yield stored.subarray(0, end);
      continue;
    }
    const head = await reader.peek(BLOCK_HEADER_BYTES);
    if (head.length < BLOCK_HEADER_BYTES) return false;
    const block = blockHeader(head, 0);
    if (block.type === RESERVED_BLOCK)
      throw new DecodeError('corrupt', 'a zstd block is of no known type', at);
    // A block that spans chunks: put together here.
    if ((await reader.peek(block.length)).length < block.length) return false;
    signs.see(block, reader.offset);
    ended = block.last;
    yield await reader.take(block.length);
  }
  return true;
}

function frameCut(
  reader: StoredReader,
  signs: DamageSigns,
  checked: boolean,
  at: Position,
  cut: Position,
  end: number,
): DecodeError {
  if (checked && signs.tellDamage(reader.tail(Infinity), end)) {
    return new DecodeError('corrupt', 'a zstd frame is damaged and runs over its own end', at);
  }
  const { stored, decoded } = checked ? signs.unvouched() : { stored: 0, decoded: 0 };
  return new DecodeError('truncated', 'it ends inside a zstd frame', {
    storedOffset: cut.storedOffset - stored,
    decodedOffset: cut.decodedOffset - decoded,
  });
}

/** Decodes one frame with a decoder of its own: Node's stops in silence after the first. */
async function* decodeFrame(
  reader: StoredReader,
  at: Position,
  maxWindowBytes: number,
): AsyncGenerator<DecodedChunk, number> {
  const [headerBytes, header] = await readHeader(reader, at, maxWindowBytes);
  const signs = new DamageSigns(header.maxBlockBytes);
  const inflater = new Inflater(
    createZstdDecompress({
      chunkSize: OUTPUT_BYTES,
      params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_MAX },
    }),
  );
  let length = 0;
  async function* feed(stored: Uint8Array): AsyncGenerator<DecodedChunk> {
    for await (const bytes of inflater.push(stored)) {
      length += bytes.length;
      yield { bytes, storedStart: at.storedOffset, storedEnd: at.storedOffset + inflater.taken };
    }
  }
  try {
    yield* feed(headerBytes);
    const blocks = wholeBlocks(reader, at, signs);
    let step = await blocks.next();
    for (; step.done !== true; step = await blocks.next()) yield* feed(step.value);
    const cut = { storedOffset: reader.offset, decodedOffset: at.decodedOffset + length };
    const checksum = header.hasChecksum ? CHECKSUM_BYTES : 0;
    const rest = step.value ? await reader.peek(checksum) : await reader.peek(Infinity);
    if (!step.value || rest.length < checksum) {
      throw frameCut(reader, signs, header.hasChecksum, at, cut, reader.offset + rest.length);
    }
    if (checksum > 0) yield* feed(await reader.take(checksum));
    if (at.storedOffset + inflater.taken < reader.offset) {
      throw new DecodeError('corrupt', 'a zstd frame ends before its last block', at);
    }
  } catch (error) {
    throw decoderFailure('zstd', error, at, header.windowBytes);
  } finally {
    await inflater.close();
  }
  return length;
}

/** Passes over a skippable frame (RFC 8878, section 3.1.2). */
async function skipFrame(reader: StoredReader, at: Position): Promise<void> {
  const header = await reader.peek(SKIPPABLE_HEADER_BYTES);
  if (header.length < SKIPPABLE_HEADER_BYTES) throw headerCut(at);
  const length = skippableLength(header);
  if ((await reader.skip(length)) < length) {
    throw new DecodeError('truncated', 'it ends inside a skippable zstd frame', at);
  }
}

/** Decodes the frames of a zstd file, one after another (RFC 8878, section 3). */
export async function* decodeZstd(
  reader: StoredReader,
  maxWindowBytes: number,
): AsyncGenerator<DecodedChunk> {
  let decodedOffset = 0;
  for (;;) {
    const at = { storedOffset: reader.offset, decodedOffset };
    const magic = await reader.peek(MAGIC_BYTES);
    if (magic.length === 0) return;
    if (isFrame(magic)) decodedOffset += yield* decodeFrame(reader, at, maxWindowBytes);
    else if (isSkippable(magic)) await skipFrame(reader, at);
    else if (magic.length < MAGIC_BYTES && mayBeMagic(magic)) throw headerCut(at);
    else throw new DecodeError('corrupt', 'what follows a zstd frame is no zstd', at);
  }
}
