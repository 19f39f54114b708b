import { diagnostic, type Diagnostic } from './diagnostic.ts';
import { groupDiagnostics } from './group-diagnostics.ts';
import type { SourceGroup, Stray } from './group.ts';
import { KeptRecord } from './kept-record.ts';
import { shownText } from './shown-text.ts';
import type { Item } from './transaction.ts';

/** A transaction, or what stands in none, that has not ended. Of one that is too long nothing but its bytes is kept. */
export class OpenRecord {
  readonly kept: KeptRecord;
  #items: Item[] = [];
  #diagnostics: Diagnostic[] = [];
  /** Bytes at its end that are no group, until all that follow each other are known. */
  #stray: { readonly offset: number; readonly pieces: Uint8Array[] } | undefined;

  constructor(offset: number, limit: number) {
    this.kept = new KeptRecord(offset, limit);
  }

  addGroup(group: SourceGroup): void {
    this.#endStray();
    this.kept.add(group.source);
    this.#items.push({ kind: 'group', group });
    this.#diagnostics.push(...groupDiagnostics(group));
    this.#letGo();
  }

  addStray({ offset, bytes }: Stray): void {
    this.kept.add(bytes);
    this.#stray ??= { offset, pieces: [] };
    this.#stray.pieces.push(bytes);
    this.#letGo();
  }

  tell(told: Diagnostic): void {
    if (!this.kept.isTooLong) this.#diagnostics.push(told);
  }

  /** What is in it; nothing where it is too long. */
  end(): { readonly items: readonly Item[]; readonly diagnostics: readonly Diagnostic[] } {
    this.#endStray();
    return { items: this.#items, diagnostics: this.#diagnostics };
  }

  #letGo(): void {
    if (!this.kept.isTooLong) return;
    this.#items = [];
    this.#stray = undefined;
    this.#diagnostics = [];
  }

  #endStray(): void {
    if (!this.#stray) return;
    const { offset, pieces } = this.#stray;
    const bytes = Buffer.concat(pieces);
    this.#stray = undefined;
    this.#items.push({ kind: 'stray', stray: { offset, bytes } });
    this.#diagnostics.push(diagnostic('not-a-group', offset, '', strayMessage(bytes)));
  }
}

const SHOWN_BYTES = 40;

function strayMessage(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'a run of repeated bytes goes on behind the end of its group';
  const shown = shownText(Buffer.from(bytes.subarray(0, SHOWN_BYTES)).toString('latin1'));
  const more = bytes.length > SHOWN_BYTES ? ' …' : '';
  return `${bytes.length} ${bytes.length === 1 ? 'byte is' : 'bytes are'} no group: ${shown}${more}`;
}
