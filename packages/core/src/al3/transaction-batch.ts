import type { Diagnostic } from './diagnostic.ts';
import type { DocumentPiece } from './document-body.ts';

/** What a writer of transactions takes, in the order of the input. */
export type TransactionPiece =
  DocumentPiece | { readonly kind: 'diagnostic'; readonly diagnostic: Diagnostic };

/** Transactions, good ones only, and what stands around them. */
export interface TransactionBatch {
  /** Transactions among the pieces. */
  readonly rows: number;
  readonly pieces: readonly TransactionPiece[];
}
