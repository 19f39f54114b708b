import type { BadRecord, DriftCount, ReaderCounts } from '@winnow/kernel';
import type { DiagnosticFact } from '../shapes/al3.ts';
import type { Frozen } from '../shapes/run.ts';
import { Al3Reader, type Al3Event } from './al3-reader.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { KeptBytes } from './kept-record.ts';
import type { TransactionBatch, TransactionPiece } from './transaction-batch.ts';
import { writesDocuments } from './transaction-writer.ts';
import { groupJson, transactionJson, type JsonOptions, type JsonPiece } from './tree-json.ts';

/** Text of a batch, about. */
const BATCH_CHARACTERS = 1 << 20;

/** A record that is put aside: the reason is the code of what is wrong with it. */
export type BadTransaction = Omit<BadRecord, 'reason'> & { readonly reason: string };

export type TransactionFault = Omit<BadTransaction, 'line'>;

/**
 * Reads inputs of AL3 as records: a transaction is one, written or put aside whole, and so is what stands in no transaction,
 * which is always put aside.
 *
 * | a transaction                       | tolerant    | strict      |
 * |-------------------------------------|-------------|-------------|
 * | with nothing but warnings           | written     | written     |
 * | with bytes that are no group        | put aside   | put aside   |
 * | with any other error                | written     | put aside   |
 * | longer than `maxRecordBytes`        | put aside   | put aside   |
 *
 * For each input `startInput`, `push` for each chunk, `endInput`; after each of the last two `next` until it gives nothing.
 */
export class TransactionReader {
  readonly #options: JsonOptions;
  readonly #strict: boolean;
  readonly #maxRecordBytes: number;
  /** Pieces are of a document each input, else of lines. */
  readonly #documents: boolean;
  readonly #counts = { rows: 0, bad: 0, bom: 0 };
  readonly #facts = new Map<string, DiagnosticFact>();
  #reader = new Al3Reader();
  #input = '';
  /** Records of this input. */
  #line = 0;
  /** Of the message in hand, for lines. */
  #header = 'null';
  #pieces: TransactionPiece[] = [];
  #rows = 0;
  #characters = 0;
  #bad: BadTransaction[] = [];

  constructor(frozen: Frozen) {
    const { al3 } = frozen;
    if (!al3) throw new RangeError('a run that reads AL3 must say how');
    const { pivot, decimals, raw, shape } = al3;
    const dictionary = new Map(al3.dictionary.map((layout) => [layout.group, layout]));
    this.#options = { dictionary, pivot, decimals, raw, shape };
    this.#strict = al3.strict;
    this.#maxRecordBytes = frozen.maxRecordBytes;
    this.#documents = writesDocuments(frozen);
  }

  get counts(): ReaderCounts {
    const { rows, bad, bom } = this.#counts;
    return { lines: rows + bad, records: rows + bad, rows, bad, blank: 0, bom };
  }

  startInput(offset: number, _origin?: unknown, linesBefore = 0, input = ''): void {
    this.#reader = new Al3Reader({ offset, maxTransactionBytes: this.#maxRecordBytes });
    this.#input = input;
    this.#line = linesBefore;
    this.#header = 'null';
  }

  push(chunk: Uint8Array): void {
    this.#reader.push(chunk);
    this.#take();
  }

  /** @param isCut what is open belongs to what is refused of the input */
  endInput(isCut = false): void {
    this.#reader.end(isCut);
    this.#take();
  }

  next(): TransactionBatch | undefined {
    return this.#characters >= BATCH_CHARACTERS ? this.flush() : undefined;
  }

  flush(): TransactionBatch | undefined {
    if (this.#pieces.length === 0) return undefined;
    const batch = { rows: this.#rows, pieces: this.#pieces };
    this.#pieces = [];
    this.#rows = this.#characters = 0;
    return batch;
  }

  addFault(fault: TransactionFault): void {
    this.#putAside(fault);
  }

  takeBad(): BadTransaction[] {
    const taken = this.#bad;
    this.#bad = [];
    return taken;
  }

  /** No key drifts: what no element holds stands beside the others. */
  takeDrift(): DriftCount[] {
    return [];
  }

  /** What was told since the reader was made, by code. */
  get diagnostics(): DiagnosticFact[] {
    return [...this.#facts.values()].sort((a, b) => (a.code < b.code ? -1 : 1));
  }

  dispose(): void {
    this.#pieces = [];
  }

  #take(): void {
    for (const event of this.#reader.take()) this.#event(event);
  }

  #event(event: Al3Event): void {
    switch (event.kind) {
      case 'diagnostic':
        if (event.diagnostic.code === 'byte-order-mark') this.#counts.bom++;
        this.#tell([event.diagnostic]);
        break;
      case 'message': {
        const header = event.header && this.#text(groupJson(event.header, this.#options));
        const groups = event.groups.map((group) => this.#text(groupJson(group, this.#options)));
        this.#header = header ?? 'null';
        this.#add({ kind: 'message', header, groups }, 0);
        break;
      }
      case 'transaction':
        this.#transaction(event);
        break;
      case 'long-transaction': {
        const detail = `${event.kept.rawLength} bytes, at most ${this.#maxRecordBytes} are allowed`;
        this.#putAside({ offset: event.offset, reason: 'record-too-long', detail, ...event.kept });
        break;
      }
      case 'outside':
        this.#outside(event.offset, event.items[0]?.kind === 'group', event.kept);
        break;
      case 'trailer': {
        const text = event.trailer && this.#text(groupJson(event.trailer, this.#options));
        this.#add({ kind: 'trailer', text }, 0);
        break;
      }
    }
  }

  #transaction({ transaction, kept }: Extract<Al3Event, { kind: 'transaction' }>): void {
    const { text, diagnostics } = transactionJson(transaction, this.#options);
    this.#tell(diagnostics);
    const fault = diagnostics.find(
      ({ code, severity }) => code === 'not-a-group' || (this.#strict && severity === 'error'),
    );
    if (fault) {
      const { code, offset, group, message } = fault;
      const detail = `${group === '' ? '' : `${group} `}at byte ${offset}: ${message}`;
      this.#putAside({ offset: transaction.offset, reason: code, detail, ...kept.finish() });
      return;
    }
    this.#line++;
    this.#counts.rows++;
    this.#add({ kind: 'transaction', text: this.#documents ? text : this.#lineOf(text, diagnostics) }, 1);
  }

  #outside(offset: number, hasGroup: boolean, kept: KeptBytes): void {
    const reason = hasGroup ? 'outside-transaction' : 'not-a-group';
    const what = hasGroup ? 'groups that stand' : 'bytes that are no group';
    this.#putAside({ offset, reason, detail: `${what} in no transaction`, ...kept });
  }

  /** A transaction that stands for itself. */
  #lineOf(text: string, diagnostics: readonly Diagnostic[]): string {
    const told = diagnostics.length === 0 ? '' : `,"diagnostics":${JSON.stringify(diagnostics)}`;
    const head = `{"input":${JSON.stringify(this.#input)},"message":${this.#header}`;
    // A line has no line feed in it.
    const members =
      this.#options.shape === 'flat' ? `"groups":[${text.replaceAll('\n', '')}]` : text.slice(1, -1);
    return `${head},${members}${told}}`;
  }

  #text({ text, diagnostics }: JsonPiece): string {
    this.#tell(diagnostics);
    return text;
  }

  #tell(diagnostics: readonly Diagnostic[]): void {
    for (const told of diagnostics) {
      const { code, severity } = told;
      const count = (this.#facts.get(code)?.count ?? 0) + 1;
      this.#facts.set(code, { code, severity, count });
      this.#add({ kind: 'diagnostic', diagnostic: told }, 0);
    }
  }

  #add(piece: TransactionPiece, rows: number): void {
    if (!this.#documents && rows === 0) return;
    this.#pieces.push(piece);
    this.#rows += rows;
    this.#characters += piece.kind === 'transaction' ? piece.text.length : 100;
  }

  #putAside({ offset, reason, detail, raw, rawLength, sha256 }: TransactionFault): void {
    this.#counts.bad++;
    this.#bad.push({ offset, line: ++this.#line, reason, detail, raw, rawLength, sha256 });
  }
}
