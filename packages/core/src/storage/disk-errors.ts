import { StorageError, type ErrorFacts, type StorageErrorCode } from '../errors.ts';

/** What the system's error codes mean for who asked: see errno(3). */
const CODES: Readonly<Record<string, StorageErrorCode>> = {
  ENOENT: 'not-found',
  ENOTDIR: 'not-found',
  EISDIR: 'not-found',
  EACCES: 'denied',
  EPERM: 'denied',
  EROFS: 'denied',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EFBIG: 'full',
  EMFILE: 'transient',
  ENFILE: 'transient',
  ENOMEM: 'transient',
  EAGAIN: 'transient',
  EBUSY: 'transient',
  EINTR: 'transient',
  EIO: 'transient',
  ESTALE: 'transient',
  ETIMEDOUT: 'transient',
  ENAMETOOLONG: 'invalid-key',
};

const HINTS: Readonly<Partial<Record<StorageErrorCode, string>>> = {
  denied: 'check the owner and the permissions of the file and of the folders above it',
  full: 'free some space or choose another folder',
};

/** The system's code of an error of `node:fs`, '' for anything else. (By its shape: realms differ in their `Error`.) */
export function errno(error: unknown): string {
  const code = (error as Partial<NodeJS.ErrnoException> | null)?.code;
  return typeof code === 'string' ? code : '';
}

const isAbort = (error: unknown): boolean => (error as Partial<Error> | null)?.name === 'AbortError';

/** Any failure as a StorageError; one that is already goes through. */
export function diskError(operation: string, key: string, error: unknown): Error {
  if (error instanceof StorageError || isAbort(error)) return error as Error;
  const code = CODES[errno(error)] ?? 'failed';
  const hint = HINTS[code];
  const facts: ErrorFacts = hint === undefined ? { cause: error } : { cause: error, hint };
  return new StorageError(
    code,
    operation,
    key,
    String((error as Partial<Error> | null)?.message ?? error),
    facts,
  );
}

/** True where an error only says that nothing is there. */
export const isAbsent = (error: unknown): boolean => CODES[errno(error)] === 'not-found';
