import type { ByteSink } from '../byte-sink.ts';
import { BufferedSink } from '../parquet/buffered-sink.ts';
import type { RecordWriter } from '../record-writer.ts';
import type { Frozen } from '../shapes/run.ts';
import { textFrame, type TextFrame } from '../text/text-frame.ts';
import type { JsonShape } from './json-shape.ts';
import { JsonDocument } from './json-document.ts';
import type { TransactionBatch } from './transaction-batch.ts';

/** Whether a run writes an input as one document with its headers and trailers; else transactions stand for themselves. */
export const writesDocuments = ({ format, layout }: Pick<Frozen, 'format' | 'layout'>): boolean =>
  format === 'json' && layout === 'mirror';

/** A writer of AL3 in the format of the run. */
export function openTransactionWriter(frozen: Frozen, sink: ByteSink): RecordWriter<TransactionBatch> {
  if (writesDocuments(frozen)) return new DocumentWriter(frozen.al3?.shape ?? 'tree', sink);
  const format = frozen.format === 'json' ? 'json' : 'ndjson';
  return new TransactionLineWriter(
    textFrame({ format, columns: [] }),
    format === 'json' ? ',\n' : '\n',
    sink,
  );
}

/** An input as one JSON document. */
class DocumentWriter implements RecordWriter<TransactionBatch> {
  readonly #sink: BufferedSink;
  readonly #document: JsonDocument;
  #rows = 0;

  constructor(shape: JsonShape, sink: ByteSink) {
    this.#document = new JsonDocument(shape);
    this.#sink = new BufferedSink(sink);
  }

  async append({ rows, pieces }: TransactionBatch): Promise<void> {
    this.#rows += rows;
    for (const piece of pieces) {
      if (piece.kind === 'diagnostic') this.#document.tell(piece.diagnostic);
      else await this.#sink.write(Buffer.from(this.#document.add(piece)));
    }
  }

  async finish(): Promise<{ rows: number; bytes: number }> {
    await this.#sink.write(Buffer.from(this.#document.end()));
    await this.#sink.flush();
    return { rows: this.#rows, bytes: this.#sink.position };
  }

  dispose(): void {
    // It has nothing of the kernel's.
  }
}

/** A transaction a line: NDJSON, or the elements of one array. */
class TransactionLineWriter implements RecordWriter<TransactionBatch> {
  readonly #frame: TextFrame;
  readonly #separator: string;
  readonly #sink: BufferedSink;
  #rows = 0;

  constructor(frame: TextFrame, separator: string, sink: ByteSink) {
    this.#frame = frame;
    this.#separator = separator;
    this.#sink = new BufferedSink(sink);
  }

  async append({ pieces }: TransactionBatch): Promise<void> {
    for (const piece of pieces) {
      if (piece.kind !== 'transaction') continue;
      const before = this.#rows++ === 0 ? this.#frame.head : this.#separator;
      await this.#sink.write(Buffer.from(before + piece.text));
    }
  }

  async finish(): Promise<{ rows: number; bytes: number }> {
    const { head, foot, footWithoutRows } = this.#frame;
    const lastLine = this.#separator === '\n' ? '\n' : '';
    await this.#sink.write(Buffer.from(this.#rows === 0 ? head + footWithoutRows : lastLine + foot));
    await this.#sink.flush();
    return { rows: this.#rows, bytes: this.#sink.position };
  }

  dispose(): void {
    // It has nothing of the kernel's.
  }
}
