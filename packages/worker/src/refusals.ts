import {
  DecodeError,
  StorageError,
  WinnowError,
  type PlannedInput,
  type Refusal,
  type RefusalReason,
} from '@winnow/core';
import { assertUnchanged } from './pinned-input.ts';
import type { UnitContext } from './unit-context.ts';

/** What an input gives although the rest of it is refused: its first decoded bytes, up to the last whole record. */
export interface KnownRefusal {
  readonly refusal: Refusal;
  readonly decodedLimit: number;
}

/** What a unit plans to read of an input: stored bytes from `start` to `end`. */
export interface PlannedShare {
  readonly input: PlannedInput;
  readonly start: number;
  readonly end: number;
}

/**
 * In words that are the same for every attempt: receipts hold nothing that a library, a system or the way a stream
 * was cut into chunks may say in another way.
 */
const WHY: Readonly<Record<RefusalReason, string>> = {
  vanished: 'it was there when the plan was made',
  changed: 'it is not the version that was planned or written before',
  denied: 'the storage does not let it be read',
  unreadable: 'the storage fails to read it',
  truncated: 'its compressed bytes end too early',
  corrupt: 'its compressed bytes are damaged or fail their checksum',
  'over-limit': 'it decodes to more than --max-input-ratio or --max-input-decoded allows',
  unsupported: 'it is nothing that Winnow reads',
  'name-unsupported':
    "its key has an empty name, '.' or '..' in it: rename it, or give a --source that ends behind that name",
  'name-too-long':
    'the name of its output would have more than 255 bytes, or its path more than 1,024: rename the input',
  'name-taken': 'the name of its output belongs to another output or to Winnow itself: rename the input',
};

/**
 * | the storage says         | reason     |
 * |--------------------------|------------|
 * | not-found                | vanished   |
 * | changed                  | changed    |
 * | denied                   | denied     |
 * | failed                   | unreadable |
 * | transient, anything else | none: no property of the input |
 */
const STORAGE_REASONS: Readonly<Partial<Record<string, RefusalReason>>> = {
  'not-found': 'vanished',
  changed: 'changed',
  denied: 'denied',
  failed: 'unreadable',
};

/** Nothing of the share is read. */
export function wholly({ input, start, end }: PlannedShare, reason: RefusalReason): KnownRefusal {
  const refusal = { input: input.key, reason, offset: start, bytes: end - start, detail: WHY[reason] };
  return { refusal, decodedLimit: 0 };
}

/** What a failure means for the accounts of an input, or undefined where it says nothing about the input. */
export function refusalOf(error: unknown, share: PlannedShare): KnownRefusal | undefined {
  const { input, end } = share;
  if (error instanceof DecodeError) {
    const offset = Math.min(error.storedOffset, end);
    const reason = error.kind;
    const refusal = { input: input.key, reason, offset, bytes: end - offset, detail: WHY[reason] };
    return { refusal, decodedLimit: error.decodedOffset };
  }
  if (!(error instanceof StorageError)) return undefined;
  // What the output's storage says of a part or a quarantine object is no finding about the input.
  if (error.key !== input.key || !['read', 'stat'].includes(error.operation)) return undefined;
  const reason = STORAGE_REASONS[error.code];
  return reason === undefined ? undefined : wholly(share, reason);
}

/**
 * The refusal that follows from a failure met in a pass over an input. Throws the failure where it is none: the
 * attempt ends then, and another one tries again.
 *
 * `known` is what an earlier pass of this attempt found: that pass and this one read the same bytes, so the input can
 * only have changed, vanished or been closed since, and then it is refused as a whole.
 */
export async function refuse(
  context: Pick<UnitContext, 'source' | 'warn'>,
  error: unknown,
  share: PlannedShare,
  known: KnownRefusal | undefined,
): Promise<KnownRefusal> {
  const { input } = share;
  const finding = error instanceof DecodeError ? await unlessChanged(context, error, input) : error;
  const found = refusalOf(finding, share);
  if (!found) throw finding;
  const message = finding instanceof Error ? finding.message : String(finding);
  if (known && finding instanceof DecodeError) {
    throw new WinnowError(
      `two readings of ${input.key} differ: ${known.refusal.reason} before, now ${message}`,
      {
        cause: finding,
        retryable: true,
      },
    );
  }
  context.warn(`input ${input.key} is refused as ${found.refusal.reason}: ${message}`);
  return found;
}

/** A file that is written to while it is read looks damaged: its pin tells. */
async function unlessChanged(
  { source }: Pick<UnitContext, 'source'>,
  damage: DecodeError,
  input: PlannedInput,
): Promise<unknown> {
  try {
    await assertUnchanged(source, input);
    return damage;
  } catch (error) {
    return error;
  }
}
