import type { Diagnostic } from './diagnostic.ts';
import { FlatBody, TreeBody, type DocumentBody, type DocumentPiece } from './document-body.ts';
import type { JsonShape } from './json-shape.ts';

/** A document lists no more diagnostics than this, so that its writer's memory stays small; the rest is counted. */
export const MAX_LISTED_DIAGNOSTICS = 10_000;

/**
 * The text of `{"messages":[…],"diagnostics":[…]}`, or of `{"groups":[…],"diagnostics":[…]}` where it is flat, piece by piece:
 * what it holds back is diagnostics, and what stands outside of transactions.
 */
export class JsonDocument {
  readonly #body: DocumentBody;
  #begun = false;
  readonly #outside: string[] = [];
  readonly #diagnostics: string[] = [];
  #unlisted = 0;

  constructor(shape: JsonShape) {
    this.#body = shape === 'flat' ? new FlatBody() : new TreeBody();
  }

  /** The text that a piece adds. */
  add(piece: DocumentPiece): string {
    return this.#begin() + this.#body.add(piece);
  }

  /** What stands in no transaction: it comes behind all messages. */
  addOutside(text: string): void {
    this.#outside.push(text);
  }

  tell({ severity, code, offset, group, message }: Diagnostic): void {
    if (this.#diagnostics.length === MAX_LISTED_DIAGNOSTICS) this.#unlisted++;
    else this.#diagnostics.push(JSON.stringify({ severity, code, offset, group, message }));
  }

  /** What is left of the text. */
  end(): string {
    const outside = this.#outside.length === 0 ? '' : `,\n"outside":[${this.#outside.join(',')}]`;
    const unlisted = this.#unlisted === 0 ? '' : `,\n"unlistedDiagnostics":${this.#unlisted}`;
    const diagnostics = `,\n"diagnostics":[${this.#diagnostics.join(',\n')}]`;
    return `${this.#begin()}${this.#body.end()}]${outside}${diagnostics}${unlisted}}\n`;
  }

  #begin(): string {
    if (this.#begun) return '';
    this.#begun = true;
    return '{';
  }
}
