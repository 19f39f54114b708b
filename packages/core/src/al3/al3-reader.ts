import { checkTotal } from './checks.ts';
import { diagnostic, type Diagnostic, type DiagnosticCode } from './diagnostic.ts';
import { groupDiagnostics } from './group-diagnostics.ts';
import type { SourceGroup, Stray } from './group.ts';
import type { KeptBytes, KeptRecord } from './kept-record.ts';
import { OpenRecord } from './open-record.ts';
import { GroupSplitter, type GroupSink } from './split-groups.ts';
import { groupsOf, type Item, type Transaction } from './transaction.ts';
import { buildTree } from './tree.ts';

/** What an input holds, in its order. */
export type Al3Event =
  /** A message begins. Without a header: what follows stands in none. */
  | {
      readonly kind: 'message';
      readonly header: SourceGroup | undefined;
      readonly groups: readonly SourceGroup[];
    }
  | { readonly kind: 'transaction'; readonly transaction: Transaction; readonly kept: KeptRecord }
  /** One with more bytes than allowed: no more is known of it. */
  | { readonly kind: 'long-transaction'; readonly offset: number; readonly kept: KeptBytes }
  /** Data that stand in no transaction, and bytes that are no group. */
  | {
      readonly kind: 'outside';
      readonly offset: number;
      readonly items: readonly Item[];
      readonly kept: KeptBytes;
    }
  /** The message ends. Undefined where it has no trailer. */
  | { readonly kind: 'trailer'; readonly trailer: SourceGroup | undefined }
  | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic };

export interface Al3ReaderOptions {
  /** Of the first byte that will be pushed. */
  readonly offset?: number;
  /** A transaction with more bytes is not put together. */
  readonly maxTransactionBytes?: number;
}

interface OpenMessage {
  readonly header: SourceGroup | undefined;
  /** Groups of the header, until the message is told. */
  readonly groups: SourceGroup[];
  told: boolean;
  counts: { groups: number; characters: number; bare: number; separators: number };
}

const DATA_GROUP = /^[5-9]/;
/** More groups than this before the first transaction are none of the header's. */
const MOST_HEADER_GROUPS = 1000;

/**
 * Reads an input of AL3 messages, a transaction at a time: `push` each chunk, then `end`; `take` what is known by then. Needs
 * no dictionary. What it tells does not depend on how the input is cut into chunks.
 *
 * States: no message is open, a message, a transaction in a message, or data outside of transactions in a message. `1MHG`
 * opens a message and ends what was open, `2TRG` a transaction, `3MTG` ends both.
 */
export class Al3Reader {
  readonly #splitter: GroupSplitter;
  readonly #limit: number;
  #events: Al3Event[] = [];
  #message: OpenMessage | undefined;
  #transaction: OpenRecord | undefined;
  #outside: OpenRecord | undefined;

  constructor({ offset = 0, maxTransactionBytes = Infinity }: Al3ReaderOptions = {}) {
    this.#limit = maxTransactionBytes;
    const sink: GroupSink = {
      group: (group) => this.#group(group),
      stray: (stray) => this.#stray(stray),
      space: (at, bytes) => this.#space(at, bytes),
    };
    this.#splitter = new GroupSplitter(sink, offset);
  }

  push(chunk: Uint8Array): void {
    this.#splitter.push(chunk);
  }

  /** @param isCut more of the input is not to be read: what is open is left out, not told to be wrong */
  end(isCut = false): void {
    this.#splitter.end();
    if (isCut) this.#transaction = this.#outside = undefined;
    this.#endMessage(undefined, isCut);
  }

  take(): Al3Event[] {
    const taken = this.#events;
    this.#events = [];
    return taken;
  }

  #group(group: SourceGroup): void {
    const { group: name } = group.header;
    if (name === '1MHG') this.#startMessage(group);
    else if (name === '2TRG') this.#startTransaction(group);
    else if (name === '3MTG') this.#trailer(group);
    else this.#member(group);
  }

  #startMessage(header: SourceGroup): void {
    this.#endMessage(undefined);
    this.#message = openMessage(header);
    this.#count(header);
    groupDiagnostics(header).forEach((told) => this.#tell(told));
  }

  #startTransaction(group: SourceGroup): void {
    this.#endRecord();
    this.#openMessage(group);
    this.#tellMessage();
    this.#count(group);
    this.#transaction = new OpenRecord(group.offset, this.#limit);
    this.#transaction.addGroup(group);
  }

  #trailer(group: SourceGroup): void {
    this.#endRecord();
    const message = this.#openMessage(group);
    this.#count(group);
    this.#endMessage(group);
    groupDiagnostics(group).forEach((told) => this.#tell(told));
    if (message.header)
      for (const told of checkTotal(message.header, group, message.counts)) this.#tell(told);
  }

  #member(group: SourceGroup): void {
    const message = this.#openMessage(group);
    this.#count(group);
    if (this.#transaction) this.#transaction.addGroup(group);
    else if (belongsToHeader(message, group)) message.groups.push(group);
    else {
      const { offset, header } = group;
      const outside = this.#openOutside(offset);
      outside.addGroup(group);
      outside.tell(diagnostic('outside-transaction', offset, header.group, 'stands in no transaction'));
    }
  }

  #stray(stray: Stray): void {
    (this.#transaction ?? this.#openOutside(stray.offset)).addStray(stray);
  }

  #space(offset: number, bytes: Uint8Array): void {
    if (bytes[0] === 0xef)
      this.#tell(
        diagnostic('byte-order-mark', offset, '', 'a byte order mark stands before the first group'),
      );
    (this.#transaction ?? this.#outside)?.kept.add(bytes);
    if (this.#message) this.#message.counts.separators += bytes.length;
  }

  #count({ length, bytes }: SourceGroup): void {
    if (!this.#message) return;
    const { counts } = this.#message;
    counts.groups++;
    counts.characters += length;
    counts.bare += bytes.length;
  }

  /** The message in hand; one without a header where none is open. */
  #openMessage({ offset, header }: SourceGroup): OpenMessage {
    if (this.#message) return this.#message;
    this.#endRecord();
    this.#tell(
      diagnostic('header-missing', offset, header.group, 'stands in no message: no 1MHG is before it'),
    );
    return (this.#message = openMessage(undefined));
  }

  #openOutside(offset: number): OpenRecord {
    return (this.#outside ??= new OpenRecord(offset, this.#limit));
  }

  #tellMessage(): void {
    if (!this.#message || this.#message.told) return;
    this.#message.told = true;
    const { header, groups } = this.#message;
    this.#events.push({ kind: 'message', header, groups });
  }

  #endMessage(trailer: SourceGroup | undefined, isCut = false): void {
    this.#endRecord();
    if (!this.#message) return;
    this.#tellMessage();
    const { header } = this.#message;
    if (!trailer && header && !isCut)
      this.#tell(
        diagnostic('trailer-missing', header.offset, header.header.group, 'its message has no trailer 3MTG'),
      );
    this.#events.push({ kind: 'trailer', trailer });
    this.#message = undefined;
  }

  /** Ends the transaction, or what stands outside of one, that is open. */
  #endRecord(): void {
    if (this.#outside) this.#tellOutside(this.#outside);
    if (this.#transaction) this.#tellTransaction(this.#transaction);
    this.#outside = this.#transaction = undefined;
  }

  #tellOutside(record: OpenRecord): void {
    const { kept } = record;
    const { items, diagnostics } = record.end();
    if (kept.isTooLong) this.#tellLong('not-a-group', kept);
    for (const told of inOrder(diagnostics)) this.#tell(told);
    this.#events.push({ kind: 'outside', offset: kept.offset, items, kept: kept.finish() });
  }

  #tellTransaction(record: OpenRecord): void {
    const { kept } = record;
    const { items, diagnostics } = record.end();
    const [first, ...rest] = groupsOf(items);
    if (!first || kept.isTooLong) {
      this.#tellLong('transaction-too-long', kept);
      this.#events.push({ kind: 'long-transaction', offset: kept.offset, kept: kept.finish() });
      return;
    }
    const tree = buildTree(first, rest);
    const told = inOrder([...diagnostics, ...tree.diagnostics]);
    const transaction = { offset: first.offset, items, root: tree.root, diagnostics: told };
    this.#events.push({ kind: 'transaction', transaction, kept });
  }

  #tellLong(code: DiagnosticCode, { offset, length }: KeptRecord): void {
    this.#tell(diagnostic(code, offset, '', `${length} bytes, more than are read together`));
  }

  #tell(told: Diagnostic): void {
    this.#events.push({ kind: 'diagnostic', diagnostic: told });
  }
}

const belongsToHeader = ({ told, groups }: OpenMessage, { header }: SourceGroup): boolean =>
  !told && groups.length < MOST_HEADER_GROUPS && !DATA_GROUP.test(header.group);

const openMessage = (header: SourceGroup | undefined): OpenMessage => ({
  header,
  groups: [],
  told: false,
  counts: { groups: 0, characters: 0, bare: 0, separators: 0 },
});

const inOrder = (diagnostics: readonly Diagnostic[]): Diagnostic[] =>
  [...diagnostics].sort((a, b) => a.offset - b.offset);
