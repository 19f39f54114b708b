import { once } from 'node:events';
import type { InflateRaw, ZstdDecompress } from 'node:zlib';

/** One of zlib's streams, driven a piece at a time: all that comes out of a piece before the next goes in. */
export class Inflater {
  readonly #stream: InflateRaw | ZstdDecompress;
  #failure: Error | undefined;
  #wake: () => void = () => undefined;

  constructor(stream: InflateRaw | ZstdDecompress) {
    this.#stream = stream;
    stream.on('error', (error) => {
      this.#failure = error;
      this.#wake();
    });
    for (const event of ['readable', 'end', 'close']) stream.on(event, () => this.#wake());
  }

  /** Stored bytes that the decoder took: fewer than it was given only where its stream ended before. */
  get taken(): number {
    return this.#stream.bytesWritten;
  }

  /** Everything that decoding these bytes gives. Throws the decoder's error. */
  async *push(bytes: Uint8Array): AsyncGenerator<Buffer> {
    const piece = { done: false };
    this.#stream.write(bytes, () => {
      piece.done = true;
      this.#wake();
    });
    for (;;) {
      const decoded = this.#stream.read() as Buffer | null;
      if (decoded !== null) {
        yield decoded;
        continue;
      }
      if (this.#failure !== undefined) throw this.#failure;
      if (piece.done || this.#stream.readableEnded || this.#stream.destroyed) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async close(): Promise<void> {
    if (this.#stream.closed) return;
    const closed = once(this.#stream, 'close');
    this.#stream.destroy();
    await closed;
  }
}
