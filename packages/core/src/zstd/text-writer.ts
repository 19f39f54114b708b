import type { ByteSink } from '../byte-sink.ts';
import { WinnowError } from '../errors.ts';
import { zstdTextFrame } from './compress.ts';

/** Decoded bytes of a frame. Part of what is frozen: another size gives other bytes. */
export const TEXT_FRAME_BYTES = 1 << 20;

/** zstd level of the run's own text objects. Part of what is frozen, too. */
export const TEXT_LEVEL = 3;

/**
 * Writes text as zstd frames of {@link TEXT_FRAME_BYTES} decoded bytes each, the last one shorter, each with content
 * size and checksum. The bytes depend on the text alone, not on how it was cut into writes. Without any text there is
 * one empty frame, so that an empty file is always a torn one.
 */
export class ZstdTextWriter {
  readonly #level: number;
  readonly #sink: ByteSink;
  readonly #frame = Buffer.alloc(TEXT_FRAME_BYTES);
  #used = 0;
  #stored = 0;

  constructor(level: number, sink: ByteSink) {
    this.#level = level;
    this.#sink = sink;
  }

  /** Throws for lone surrogates: UTF-8 has no bytes for them. */
  async write(text: string): Promise<void> {
    if (!text.isWellFormed()) {
      throw new WinnowError('text for a zstd file must be well-formed Unicode, got a lone surrogate', {
        hint: 'escape it before writing, as JSON.stringify does',
      });
    }
    const bytes = Buffer.from(text);
    for (let from = 0; from < bytes.length;) {
      const copied = bytes.copy(this.#frame, this.#used, from);
      from += copied;
      this.#used += copied;
      if (this.#used === TEXT_FRAME_BYTES) await this.#closeFrame();
    }
  }

  /** Writes the last frame; gives the stored bytes of the whole file. */
  async finish(): Promise<{ bytes: number }> {
    if (this.#used > 0 || this.#stored === 0) await this.#closeFrame();
    return { bytes: this.#stored };
  }

  async #closeFrame(): Promise<void> {
    const stored = zstdTextFrame(this.#frame.subarray(0, this.#used), this.#level);
    this.#used = 0;
    this.#stored += stored.length;
    await this.#sink.write(stored);
  }
}
