import type { Diagnostic } from './diagnostic.ts';

/** A document lists no more diagnostics than this, so that its writer's memory stays small; the rest is counted. */
export const MAX_LISTED_DIAGNOSTICS = 10_000;

/** Pieces of a document, in the order of its input; texts are JSON. */
export type DocumentPiece =
  | { readonly kind: 'message'; readonly header: string | undefined; readonly groups: readonly string[] }
  | { readonly kind: 'transaction'; readonly text: string }
  | { readonly kind: 'outside'; readonly text: string }
  | { readonly kind: 'trailer'; readonly text: string | undefined };

/**
 * The text of `{"messages":[…],"diagnostics":[…]}`, piece by piece: what it holds back is diagnostics, and what stands outside
 * of transactions. A transaction has a line of its own.
 */
export class JsonDocument {
  #messages = 0;
  #isOpen = false;
  #transactions = 0;
  readonly #outside: string[] = [];
  readonly #diagnostics: string[] = [];
  #unlisted = 0;

  /** The text that a piece adds. */
  add(piece: DocumentPiece): string {
    switch (piece.kind) {
      case 'message':
        return this.#startMessage(piece.header, piece.groups);
      case 'transaction':
        return `${this.#isOpen ? '' : this.#startMessage(undefined, [])}${this.#transactions++ === 0 ? '' : ','}\n${piece.text}`;
      case 'outside':
        this.#outside.push(piece.text);
        return '';
      case 'trailer':
        return this.#endMessage(piece.text);
    }
  }

  tell({ severity, code, offset, group, message }: Diagnostic): void {
    if (this.#diagnostics.length === MAX_LISTED_DIAGNOSTICS) this.#unlisted++;
    else this.#diagnostics.push(JSON.stringify({ severity, code, offset, group, message }));
  }

  /** What is left of the text. */
  end(): string {
    const open = this.#isOpen ? this.#endMessage(undefined) : '';
    const head = this.#messages === 0 ? '{"messages":[' : '';
    const outside = this.#outside.length === 0 ? '' : `,\n"outside":[${this.#outside.join(',')}]`;
    const unlisted = this.#unlisted === 0 ? '' : `,\n"unlistedDiagnostics":${this.#unlisted}`;
    return `${open}${head}]${outside},\n"diagnostics":[${this.#diagnostics.join(',\n')}]${unlisted}}\n`;
  }

  #startMessage(header: string | undefined, groups: readonly string[]): string {
    const before = this.#messages++ === 0 ? '{"messages":[\n' : ',\n';
    this.#isOpen = true;
    this.#transactions = 0;
    const members = (header ?? '{"group":null}').slice(0, -1);
    const more = groups.length === 0 ? '' : `,"groups":[${groups.join(',')}]`;
    return `${before}${members}${more},"transactions":[`;
  }

  #endMessage(trailer: string | undefined): string {
    this.#isOpen = false;
    return `],"trailer":${trailer ?? 'null'}}`;
  }
}
