import { ArrayScanner, textFault, type Kernel, type RecordFault, type ScanEvent } from '@winnow/kernel';
import { markLength } from './json-space.ts';
import { KeptBytes } from './kept-bytes.ts';
import type { TextNotes } from './text-notes.ts';

export interface ArrayTextOptions {
  readonly kernel: Kernel;
  /** The keys that lead to the arrays; none where the text is arrays. */
  readonly path: readonly string[];
  /** The text ends before the input does: what is open at its end is no fault. */
  readonly isCut: boolean;
}

const EMPTY = new Uint8Array(0);

/**
 * Lines, of the same length, of JSON arrays or of documents that hold arrays at a path. The first chunk must hold a
 * byte order mark whole.
 */
export async function* arrayTextLines(
  chunks: AsyncIterable<{ readonly bytes: Uint8Array }>,
  notes: TextNotes,
  options: ArrayTextOptions,
): AsyncGenerator<{ bytes: Uint8Array }, void, void> {
  const scanner = new ArrayScanner(options.kernel, options.path);
  try {
    const account = new TextAccount(notes, options.path);
    let offset = 0;
    for await (const chunk of chunks) {
      const mark = offset === 0 ? markLength(chunk.bytes) : 0;
      if (mark > 0) yield { bytes: chunk.bytes.subarray(0, mark) };
      offset += mark;
      const text = chunk.bytes.subarray(mark);
      const { bytes, lineFeeds, events } = scanner.scan(text);
      if (lineFeeds) notes.addLineFeeds(offset, text.length, lineFeeds);
      account.add(text, offset, events);
      offset += text.length;
      yield { bytes };
    }
    if (!options.isCut) account.end(scanner.open, offset);
  } finally {
    scanner.dispose();
  }
}

/** What is told of stray bytes; `began` is where the array or document around them began. */
const STRAYS: Readonly<Partial<Record<ScanEvent['kind'], (began: number) => RecordFault>>> = {
  'stray-content': (began) => ({
    reason: 'trailing-content',
    detail: `it stands behind the array that begins at byte ${began}, and no further array begins here`,
  }),
  'stray-document': () => ({ reason: 'not-an-object', detail: 'a document with records should begin here' }),
  'stray-key': (began) => ({
    reason: 'expected-key',
    detail: `the document that begins at byte ${began} is damaged here`,
  }),
  'stray-colon': (began) => ({
    reason: 'expected-colon',
    detail: `the document that begins at byte ${began} is damaged here`,
  }),
  'stray-value': (began) => ({
    reason: 'invalid-value',
    detail: `the document that begins at byte ${began} is damaged here`,
  }),
  'stray-comma': (began) => ({
    reason: 'expected-comma',
    detail: `the document that begins at byte ${began} is damaged here`,
  }),
};

/** Turns the events of a scan into what is noted of the text. */
class TextAccount {
  readonly #notes: TextNotes;
  readonly #path: readonly string[];
  #arrayBegan = 0;
  #documentBegan = 0;
  /** The open document, while it has shown no array of records; its bytes of earlier chunks. */
  #document: { kept: KeptBytes | undefined } | undefined;

  constructor(notes: TextNotes, path: readonly string[]) {
    this.#notes = notes;
    this.#path = path;
  }

  add(text: Uint8Array, offset: number, events: readonly ScanEvent[]): void {
    let began = 0;
    for (const { kind, at } of events) {
      const byte = text[at] ?? 0;
      const here = offset + at;
      if (kind === 'array-begins') {
        this.#arrayBegan = here;
        this.#document = undefined;
      } else if (kind === 'document-begins') {
        this.#documentBegan = here;
        this.#document = { kept: undefined };
        began = at;
      } else if (kind === 'no-records') {
        this.#endDocument(text.subarray(began, at + 1), 'there is no array');
      } else if (kind === 'empty-element') {
        this.#fault(
          here,
          text.subarray(at, at + 1),
          'invalid-value',
          'a comma where an element should stand',
        );
      } else if (kind === 'trailing-comma') {
        this.#fault(here, text.subarray(at, at + 1), 'invalid-value', 'the array ends behind a comma');
      } else {
        this.#endDocument(text.subarray(began, at), `there is no array before the damage at byte ${here}`);
        if (kind === 'document-in-document') {
          const detail = `the document that begins at byte ${this.#documentBegan} does not end before the next one`;
          this.#fault(here, EMPTY, 'expected-comma', detail);
        } else {
          const inDocument = this.#path.length > 0;
          const fault = STRAYS[kind]?.(inDocument ? this.#documentBegan : this.#arrayBegan);
          if (fault) this.#notes.addStray(here, byte, fault);
        }
      }
    }
    if (this.#document) (this.#document.kept ??= new KeptBytes()).add(text.subarray(began));
  }

  /** The input ends at this offset. */
  end(open: ArrayScanner['open'], offset: number): void {
    if (open === 'array') {
      const detail = `the array that begins at byte ${this.#arrayBegan} does not end`;
      this.#fault(offset, EMPTY, 'unexpected-end', detail);
    } else if (open !== 'nothing' && this.#document) {
      this.#endDocument(EMPTY, 'it does not end', 'unexpected-end');
    } else if (open !== 'nothing') {
      const detail = `the document that begins at byte ${this.#documentBegan} does not end`;
      this.#fault(offset, EMPTY, 'unexpected-end', detail);
    }
  }

  #fault(offset: number, bytes: Uint8Array, reason: RecordFault['reason'], detail: string): void {
    this.#notes.addFault(textFault(offset, bytes, { reason, detail }));
  }

  /** A document without records is a bad record itself: `rest` is what this chunk has of it. */
  #endDocument(rest: Uint8Array, why: string, reason: RecordFault['reason'] = 'no-records'): void {
    if (!this.#document) return;
    const kept = this.#document.kept ?? new KeptBytes();
    this.#document = undefined;
    kept.add(rest);
    const path = this.#path.join('.');
    const detail = reason === 'no-records' ? `${why} at ${path}` : `the document: ${why}`;
    this.#notes.addFault({ offset: this.#documentBegan, reason, detail, ...kept.finish() });
  }
}
