/** Facts that every error of Winnow carries besides its message: callers branch on these, never on the text. */
export interface ErrorFacts {
  readonly cause?: unknown;
  /** What to do about it: one clause for people, in the imperative. */
  readonly hint?: string;
  /** True where the same thing may work when tried again. */
  readonly retryable?: boolean;
}

/** Root of all errors that Winnow throws on purpose. Anything else that surfaces is a bug. */
export class WinnowError extends Error {
  readonly hint: string | undefined;
  readonly retryable: boolean;
  constructor(message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.hint = facts.hint;
    this.retryable = facts.retryable ?? false;
  }
}

/** Thrown for a spec, flag, variable or version that cannot be worked with. CLI exit 2, worker exit 78. */
export class ConfigurationError extends WinnowError {}

export type StorageErrorCode =
  'not-found' | 'changed' | 'denied' | 'full' | 'transient' | 'invalid-key' | 'failed';

/** Thrown by a {@link Storage}: names the operation, the object and a code. */
export class StorageError extends WinnowError {
  readonly code: StorageErrorCode;
  readonly operation: string;
  readonly key: string;
  constructor(
    code: StorageErrorCode,
    operation: string,
    key: string,
    detail: string,
    { uri, ...facts }: ErrorFacts & { readonly uri?: string } = {},
  ) {
    const object = uri === undefined ? key : [uri, key].filter((part) => part !== '').join('/');
    super(`${operation} ${object}: ${detail}`, { retryable: code === 'transient', ...facts });
    this.code = code;
    this.operation = operation;
    this.key = key;
  }
}

/** Thrown when a unit needs more memory than the process may use. */
export class OutOfMemoryError extends WinnowError {
  /** The size to try next, in MiB. */
  readonly neededMiB: number;
  constructor(message: string, neededMiB: number, facts: ErrorFacts = {}) {
    super(message, facts);
    this.neededMiB = neededMiB;
  }
}

/** Thrown when two attempts made different bytes under one name: the run must stop, for one of them is wrong. */
export class ConflictError extends WinnowError {}
