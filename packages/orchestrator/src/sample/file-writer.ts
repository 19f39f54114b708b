import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { PACKERS, pieceBytes, type Packing } from './packer.ts';
import type { Random } from './random.ts';

/** One file of the archive being written, in pieces of at most 1 MiB of text. */
export interface FileWriter {
  /** Decoded bytes so far. */
  readonly decoded: number;
  /** Stored bytes, all of them after `close`. */
  readonly stored: number;
  write(bytes: Buffer): Promise<void>;
  close(): Promise<void>;
}

export function createFileWriter(path: string, packing: Packing, random: Random): FileWriter {
  const stream = createWriteStream(path, { flags: 'wx' });
  const done = finished(stream);
  // Told by `write` or `close`, whichever waits first.
  done.catch(() => undefined);
  let held: Buffer[] = [];
  let heldBytes = 0;
  let limit = pieceBytes(random);
  let pieces = 0;
  let decoded = 0;
  let stored = 0;
  const store = async (piece: Buffer): Promise<void> => {
    const packed = PACKERS[packing](piece, pieces);
    pieces += 1;
    stored += packed.length;
    if (!stream.write(packed)) await Promise.race([once(stream, 'drain'), done]);
    limit = pieceBytes(random);
  };
  const flush = async (everything: boolean): Promise<void> => {
    let text = Buffer.concat(held);
    while (text.length >= limit || (everything && text.length > 0)) {
      const piece = text.subarray(0, limit);
      text = text.subarray(limit);
      await store(piece);
    }
    held = [text];
    heldBytes = text.length;
  };
  return {
    get decoded() {
      return decoded;
    },
    get stored() {
      return stored;
    },
    async write(bytes) {
      held.push(bytes);
      heldBytes += bytes.length;
      decoded += bytes.length;
      if (heldBytes >= limit) await flush(false);
    },
    async close() {
      await flush(true);
      stream.end();
      await done;
    },
  };
}
