import type { ByteSink } from '../byte-sink.ts';

const BUFFER_BYTES = 256 << 10;

/** Gathers the many small writes of a wide table, and counts: `position` is where the next byte goes. */
export class BufferedSink implements ByteSink {
  readonly #sink: ByteSink;
  #buffer = Buffer.alloc(0);
  #used = 0;
  #position = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  get position(): number {
    return this.#position;
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#position += bytes.length;
    if (this.#used + bytes.length > BUFFER_BYTES) await this.flush();
    if (bytes.length >= BUFFER_BYTES) {
      await this.#sink.write(bytes);
      return;
    }
    if (this.#buffer.length === 0) this.#buffer = Buffer.alloc(BUFFER_BYTES);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  async flush(): Promise<void> {
    if (this.#used === 0) return;
    await this.#sink.write(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
  }
}
