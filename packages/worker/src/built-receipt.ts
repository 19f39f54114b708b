import type { Receipt, Refusal } from '@winnow/core';
import type { BuiltSubUnit } from './sub-unit-builder.ts';

/** A sub-unit's bytes and the receipt that commits them. */
export interface BuiltUnit {
  readonly built: BuiltSubUnit;
  readonly receipt: Receipt;
}

/** What a receipt says besides the facts of what was built. */
export interface ReceiptPlace {
  readonly runId: string;
  readonly unit: number;
  readonly sub: number;
  readonly last: boolean;
  /** Stored bytes that this receipt accounts for: 0 unless it is the last. */
  readonly planned: number;
  /** Where the sub-unit begins in the decoded bytes. */
  readonly start: number;
  readonly refused: readonly Refusal[];
}

export function withReceipt(built: BuiltSubUnit, place: ReceiptPlace): BuiltUnit {
  const { runId, unit, sub, last, planned, start } = place;
  const { decoded, ...facts } = built.facts;
  const refused = place.refused.reduce((sum, { bytes }) => sum + bytes, 0);
  const written = facts.parts.reduce((sum, { bytes }) => sum + bytes, 0);
  const receipt = {
    ...{ runId, unit, sub, last },
    ...facts,
    bytes: { planned, read: planned - refused, refused, decoded, written },
    decodedEnd: start + decoded,
    refused: [...place.refused],
  };
  return { built, receipt };
}
