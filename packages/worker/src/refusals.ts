import { DecodeError, StorageError, type PlannedInput, type Refusal, type RefusalReason } from '@winnow/core';

/** What an input gives although the rest of it is refused: its first decoded bytes, up to the last whole record. */
export interface KnownRefusal {
  readonly refusal: Refusal;
  readonly decodedLimit: number;
}

const STORAGE_REASONS: Readonly<Partial<Record<string, RefusalReason>>> = {
  'not-found': 'vanished',
  changed: 'changed',
  denied: 'denied',
  failed: 'unreadable',
};

/**
 * What a failure to read an input means for its accounts, or undefined where it is no property of the input: the
 * attempt fails then and another one tries again.
 *
 * `start` and `end` bound the stored bytes that the unit plans to read of it.
 */
export function refusalFor(
  error: unknown,
  input: PlannedInput,
  start: number,
  end: number,
): KnownRefusal | undefined {
  if (error instanceof DecodeError) {
    const offset = Math.min(error.storedOffset, end);
    const refusal = {
      input: input.key,
      reason: error.kind,
      offset,
      bytes: end - offset,
      detail: error.message,
    };
    return { refusal, decodedLimit: error.decodedOffset };
  }
  if (!(error instanceof StorageError)) return undefined;
  const reason = STORAGE_REASONS[error.code];
  return reason === undefined ? undefined : wholly(input, reason, start, end);
}

/** Nothing of the input's share is read. The detail holds no words of the system: attempts must agree on it. */
export function wholly(input: PlannedInput, reason: RefusalReason, start: number, end: number): KnownRefusal {
  const detail = WHY[reason] ?? reason;
  return {
    refusal: { input: input.key, reason, offset: start, bytes: end - start, detail },
    decodedLimit: 0,
  };
}

const WHY: Readonly<Partial<Record<RefusalReason, string>>> = {
  vanished: 'it was there when the plan was made',
  changed: 'it is not the version that was planned or written before',
  denied: 'the storage does not let it be read',
  unreadable: 'the storage fails to read it',
};
