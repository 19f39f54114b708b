import { RowTextEncoder, type ColumnBatch, type Kernel, type RowTextOptions } from '@winnow/kernel';
import type { ByteSink } from '../byte-sink.ts';
import { WinnowError } from '../errors.ts';
import { BufferedSink } from '../parquet/buffered-sink.ts';
import type { RecordWriter } from '../record-writer.ts';
import { textFrame } from './text-frame.ts';

/**
 * Writes one NDJSON, JSON or CSV file: the text of the rows as {@link RowTextEncoder} makes it, in the frame of the
 * format. Memory: about 1 MiB of text, or one longer row.
 */
export class TextWriter implements RecordWriter {
  readonly #options: RowTextOptions;
  readonly #encoder: RowTextEncoder;
  readonly #sink: BufferedSink;
  #rows = 0;
  #disposed = false;

  constructor(kernel: Kernel, options: RowTextOptions, sink: ByteSink) {
    this.#options = options;
    this.#encoder = new RowTextEncoder(kernel, options);
    this.#sink = new BufferedSink(sink);
  }

  async append(batch: ColumnBatch): Promise<void> {
    if (!this.#encoder.accepts(batch)) {
      throw new WinnowError(
        `a batch must have the columns of the ${this.#options.format} file it is appended to, and its kernel`,
      );
    }
    const { rows } = batch;
    if (rows > 0) await this.#begin();
    for (const text of this.#encoder.encode(batch)) await this.#sink.write(text);
    this.#rows += rows;
  }

  async finish(): Promise<{ rows: number; bytes: number }> {
    await this.#begin();
    const { foot, footWithoutRows } = textFrame(this.#options);
    await this.#sink.write(Buffer.from(this.#rows > 0 ? foot : footWithoutRows));
    await this.#sink.flush();
    return { rows: this.#rows, bytes: this.#sink.position };
  }

  dispose(): void {
    if (!this.#disposed) this.#encoder.dispose();
    this.#disposed = true;
  }

  async #begin(): Promise<void> {
    if (this.#rows === 0) await this.#sink.write(Buffer.from(textFrame(this.#options).head));
  }
}
