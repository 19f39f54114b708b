/** Pieces of a document, in the order of its input; texts are JSON. */
export type DocumentPiece =
  | { readonly kind: 'message'; readonly header: string | undefined; readonly groups: readonly string[] }
  | { readonly kind: 'transaction'; readonly text: string }
  | { readonly kind: 'trailer'; readonly text: string | undefined };

/** Messages as the first member of a document: a list that `end` leaves open. */
export interface DocumentBody {
  /** The text that a piece adds. */
  add(piece: DocumentPiece): string;
  end(): string;
}

/** `"messages":[{…,"transactions":[…],"trailer":…}`: a transaction has a line of its own. */
export class TreeBody implements DocumentBody {
  #messages = 0;
  #isOpen = false;
  #transactions = 0;

  add(piece: DocumentPiece): string {
    switch (piece.kind) {
      case 'message':
        return this.#startMessage(piece.header, piece.groups);
      case 'transaction':
        return `${this.#isOpen ? '' : this.#startMessage(undefined, [])}${this.#transactions++ === 0 ? '' : ','}\n${piece.text}`;
      case 'trailer':
        return this.#endMessage(piece.text);
    }
  }

  end(): string {
    const open = this.#isOpen ? this.#endMessage(undefined) : '';
    return this.#messages === 0 ? '"messages":[' : open;
  }

  #startMessage(header: string | undefined, groups: readonly string[]): string {
    const before = this.#messages++ === 0 ? '"messages":[\n' : ',\n';
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

/** `"groups":[…`: all groups in their order, a line each but for those of a transaction. */
export class FlatBody implements DocumentBody {
  #entries = 0;

  add(piece: DocumentPiece): string {
    switch (piece.kind) {
      case 'message':
        return [...(piece.header === undefined ? [] : [piece.header]), ...piece.groups]
          .map((text) => this.#entry(text))
          .join('');
      case 'transaction':
        return this.#entry(piece.text);
      case 'trailer':
        return piece.text === undefined ? '' : this.#entry(piece.text);
    }
  }

  end(): string {
    return this.#entries === 0 ? '"groups":[' : '';
  }

  #entry(text: string): string {
    return `${this.#entries++ === 0 ? '"groups":[' : ','}\n${text}`;
  }
}
