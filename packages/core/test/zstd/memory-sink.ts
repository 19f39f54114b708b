import type { ByteSink } from '../../src/byte-sink.ts';

/** Keeps what is written, copied a moment later: a writer that reuses bytes before it may is found out. */
export class MemorySink implements ByteSink {
  readonly writes: Buffer[] = [];

  async write(bytes: Uint8Array): Promise<void> {
    await Promise.resolve();
    this.writes.push(Buffer.from(bytes));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.writes);
  }
}
