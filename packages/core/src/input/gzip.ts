import { constants, crc32, createInflateRaw } from 'node:zlib';
import { DecodeError } from './decode-error.ts';
import type { DecodedChunk } from './decoded-chunk.ts';
import { decoderFailure } from './decoder-failure.ts';
import { Inflater } from './inflater.ts';
import type { StoredReader } from './stored-reader.ts';

/** RFC 1952, section 2.3.1: bits of FLG. */
const FHCRC = 2;
const FEXTRA = 4;
const FNAME = 8;
const FCOMMENT = 16;
const RESERVED = 0xe0;
const DEFLATE = 8;

const OUTPUT_BYTES = 256 * 1024;

/** Where a member, or what follows it, begins. */
interface Position {
  readonly storedOffset: number;
  readonly decodedOffset: number;
}

const headerCut = (at: Position): DecodeError =>
  new DecodeError('truncated', 'it ends inside a gzip header', at);

/** Takes bytes of a header and adds them to its checksum. */
async function takeHeader(
  reader: StoredReader,
  length: number,
  at: Position,
  crc: number,
): Promise<[Uint8Array, number]> {
  const bytes = await reader.take(length);
  if (bytes.length < length) throw headerCut(at);
  return [bytes, crc32(bytes, crc)];
}

/** Passes over text that ends with a zero byte, of any length. */
async function skipText(reader: StoredReader, at: Position, crc: number): Promise<number> {
  let sum = crc;
  for (;;) {
    const bytes = await reader.next();
    if (bytes === undefined) throw headerCut(at);
    const zero = bytes.indexOf(0);
    const text = zero === -1 ? bytes : bytes.subarray(0, zero + 1);
    sum = crc32(text, sum);
    if (zero === -1) continue;
    reader.unread(bytes.subarray(zero + 1));
    return sum;
  }
}

const u16 = (bytes: Uint8Array): number => (bytes[0] ?? 0) | ((bytes[1] ?? 0) << 8);
const u32 = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(at, true);

async function skipHeader(reader: StoredReader, at: Position): Promise<void> {
  let [bytes, crc] = await takeHeader(reader, 10, at, 0);
  const flags = bytes[3] ?? 0;
  if (bytes[2] !== DEFLATE || (flags & RESERVED) !== 0) {
    throw new DecodeError('corrupt', `gzip method ${bytes[2] ?? 0} with flags ${flags} is unknown`, at);
  }
  if ((flags & FEXTRA) !== 0) {
    [bytes, crc] = await takeHeader(reader, 2, at, crc);
    [, crc] = await takeHeader(reader, u16(bytes), at, crc);
  }
  if ((flags & FNAME) !== 0) crc = await skipText(reader, at, crc);
  if ((flags & FCOMMENT) !== 0) crc = await skipText(reader, at, crc);
  if ((flags & FHCRC) === 0) return;
  const [stored] = await takeHeader(reader, 2, at, 0);
  if (u16(stored) !== (crc & 0xffff))
    throw new DecodeError('corrupt', 'the checksum of a gzip header is wrong', at);
}

/**
 * Damage can hide a member's end, so that decoding runs on through its trailer to the end of the file: it looks cut,
 * but the last bytes came out wrong. Then the file still ends in the member's ISIZE, which is near the length that
 * came out. In a file that was really cut, four bytes are that near by chance once in 32,000 times, and then too much
 * is refused, never too much kept.
 */
function endsInItsSize(reader: StoredReader, length: number): boolean {
  const tail = reader.tail(4);
  if (tail.length < 4) return false;
  const difference = (u32(tail, 0) - (length % 2 ** 32) + 2 ** 32) % 2 ** 32;
  return Math.min(difference, 2 ** 32 - difference) <= 64 * 1024;
}

interface MemberSums {
  readonly length: number;
  readonly crc: number;
}

async function* inflateMember(reader: StoredReader, at: Position): AsyncGenerator<DecodedChunk, MemberSums> {
  const inflater = new Inflater(createInflateRaw({ chunkSize: OUTPUT_BYTES, flush: constants.Z_NO_FLUSH }));
  let crc = 0;
  let length = 0;
  try {
    for (;;) {
      const stored = await reader.next();
      if (stored === undefined) break;
      const before = inflater.taken;
      const storedStart = reader.offset - stored.length - before;
      for await (const bytes of inflater.push(stored)) {
        crc = crc32(bytes, crc);
        length += bytes.length;
        yield { bytes, storedStart: at.storedOffset, storedEnd: storedStart + inflater.taken };
      }
      const taken = inflater.taken - before;
      if (taken === stored.length) continue;
      reader.unread(stored.subarray(taken));
      return { length, crc };
    }
  } catch (error) {
    throw decoderFailure('gzip', error, at);
  } finally {
    await inflater.close();
  }
  if (endsInItsSize(reader, length)) {
    throw new DecodeError('corrupt', 'a gzip member is damaged and runs over its own end', at);
  }
  const cut = { storedOffset: reader.offset, decodedOffset: at.decodedOffset + length };
  throw new DecodeError('truncated', 'it ends inside a gzip member', cut);
}

/** A trailer that is cut: what is there of the CRC32 tells whether all that came out is right. */
function trailerCut(reader: StoredReader, at: Position, sums: MemberSums, trailer: Uint8Array): DecodeError {
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(sums.crc);
  const wrong = trailer.subarray(0, 4).some((byte, index) => byte !== crc[index]);
  if (wrong || (trailer.length < 4 && endsInItsSize(reader, sums.length))) {
    return new DecodeError('corrupt', 'a gzip member is damaged and runs into its own trailer', at);
  }
  const cut = { storedOffset: reader.offset, decodedOffset: at.decodedOffset + sums.length };
  return new DecodeError('truncated', "it ends inside a gzip member's trailer", cut);
}

/** CRC32 and ISIZE (RFC 1952, section 2.3.1). */
async function checkTrailer(reader: StoredReader, at: Position, sums: MemberSums): Promise<void> {
  const trailer = await reader.take(8);
  if (trailer.length < 8) throw trailerCut(reader, at, sums, trailer);
  if (u32(trailer, 0) !== sums.crc)
    throw new DecodeError('corrupt', 'the checksum of a gzip member is wrong', at);
  if (u32(trailer, 4) !== sums.length % 2 ** 32) {
    throw new DecodeError('corrupt', 'the length of a gzip member is wrong', at);
  }
}

/** Whether nothing follows a member. Zeros up to the end are padding, as gzip(1) has it. */
async function atEnd(reader: StoredReader, at: Position): Promise<boolean> {
  const head = await reader.peek(2);
  if (head.length === 0) return true;
  if (head[0] === 0x1f && (head.length === 1 || head[1] === 0x8b)) {
    if (head.length === 1) throw headerCut(at);
    return false;
  }
  for (let bytes = await reader.next(); bytes !== undefined; bytes = await reader.next()) {
    if (bytes.some((byte) => byte !== 0)) {
      throw new DecodeError('corrupt', 'what follows a gzip member is no gzip', at);
    }
  }
  return true;
}

/** Decodes the members of a gzip file, one after another (RFC 1952, section 2.2). */
export async function* decodeGzip(reader: StoredReader): AsyncGenerator<DecodedChunk> {
  let at: Position = { storedOffset: 0, decodedOffset: 0 };
  do {
    await skipHeader(reader, at);
    const sums = yield* inflateMember(reader, at);
    await checkTrailer(reader, at, sums);
    at = { storedOffset: reader.offset, decodedOffset: at.decodedOffset + sums.length };
  } while (!(await atEnd(reader, at)));
}
