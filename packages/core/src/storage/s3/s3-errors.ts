import { ConfigurationError, StorageError, WinnowError, type StorageErrorCode } from '../../errors.ts';
import type { RetryKind } from '../../retry.ts';

/** What came back from S3, or did not, as far as callers tell apart. */
export type S3Fault =
  | 'absent'
  /** A precondition does not hold: `If-None-Match`, `If-Match`. */
  | 'precondition'
  /** Somebody else writes the key at this moment. */
  | 'conflict'
  | 'range'
  | 'no-upload'
  | 'no-bucket'
  | 'denied'
  /** In a storage class that gives nothing before it is restored. */
  | 'archived'
  | 'credentials'
  | 'throttled'
  | 'transient'
  | 'aborted'
  | 'failed';

/** By the service's code: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const BY_NAME: Readonly<Record<string, S3Fault>> = {
  NoSuchKey: 'absent',
  NotFound: 'absent',
  NoSuchUpload: 'no-upload',
  NoSuchBucket: 'no-bucket',
  PreconditionFailed: 'precondition',
  NotModified: 'precondition',
  ConditionalRequestConflict: 'conflict',
  OperationAborted: 'conflict',
  InvalidRange: 'range',
  AccessDenied: 'denied',
  AllAccessDisabled: 'denied',
  InvalidObjectState: 'archived',
  InvalidAccessKeyId: 'credentials',
  SignatureDoesNotMatch: 'credentials',
  CredentialsProviderError: 'credentials',
  SlowDown: 'throttled',
  TooManyRequestsException: 'throttled',
  RequestLimitExceeded: 'throttled',
  Throttling: 'throttled',
  ThrottlingException: 'throttled',
  // The clock was wrong, or the token ran out on the way: the client has mended it by the next try.
  RequestTimeTooSkewed: 'transient',
  ExpiredToken: 'transient',
  RequestTimeout: 'transient',
  // A body that was damaged on its way.
  BadDigest: 'transient',
  XAmzContentChecksumMismatch: 'transient',
  InternalError: 'transient',
  ServiceUnavailable: 'transient',
  TimeoutError: 'transient',
  AbortError: 'aborted',
};

/** Of the connection: system codes and Node's own. */
const NETWORK: readonly unknown[] = [
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ERR_STREAM_PREMATURE_CLOSE',
  'HPE_INVALID_CONSTANT',
  'EMFILE',
];

interface Facts {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly statusCode?: number };
}

/** How the client begins what it says of an answer that it cannot read: one that was cut. */
const UNREADABLE = /Deserialization error|XML parse error|aborted|socket hang up/;

export function s3Fault(error: unknown): S3Fault {
  const { name, message, code, $metadata, $response } = (error ?? {}) as Facts;
  const named = typeof name === 'string' ? BY_NAME[name] : undefined;
  if (named !== undefined) return named;
  if (NETWORK.includes(code)) return 'transient';
  const status = $metadata?.httpStatusCode ?? $response?.statusCode ?? 0;
  if (status === 429) return 'throttled';
  if (status >= 500 || UNREADABLE.test(String(message))) return 'transient';
  if (status === 404) return 'absent';
  if (status === 412) return 'precondition';
  if (status === 409) return 'conflict';
  return status === 403 || status === 401 ? 'denied' : 'failed';
}

/** A conflict passes as soon as the other writer is done. */
export function s3RetryKind(error: unknown): RetryKind {
  const fault = s3Fault(error);
  if (fault === 'throttled') return 'throttled';
  return fault === 'transient' || fault === 'conflict' ? 'transient' : 'final';
}

const CODES: Readonly<Record<Exclude<S3Fault, 'aborted' | 'credentials' | 'no-bucket'>, StorageErrorCode>> = {
  absent: 'not-found',
  precondition: 'changed',
  conflict: 'transient',
  range: 'failed',
  // Somebody swept the uploads of a run that is complete, or a lifecycle rule did.
  'no-upload': 'transient',
  denied: 'denied',
  archived: 'failed',
  throttled: 'transient',
  transient: 'transient',
  failed: 'failed',
};

const HINTS: Readonly<Partial<Record<S3Fault, string>>> = {
  denied:
    'check s3:GetObject, s3:PutObject, s3:DeleteObject and s3:ListBucket of the role; without s3:ListBucket an object that is not there looks denied too',
  archived: 'restore it from its archive class first',
  throttled: 'fewer processes at once, or keys spread over more prefixes',
};

const UNREACHABLE = 'check the network, the region and AWS_ENDPOINT_URL';

/** No connection came about. */
const isUnreachable = (error: unknown): boolean =>
  ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'].includes(
    String((error as Facts | null)?.code),
  );

/** Any failure of a request as Winnow's own; what is one already, and the end by a signal, go through. */
export function s3Error(operation: string, uri: string, key: string, error: unknown): Error {
  const fault = s3Fault(error);
  if (error instanceof WinnowError || fault === 'aborted') return error as Error;
  const message = String((error as Partial<Error> | null)?.message ?? error);
  // An answer to HEAD has no body, so that the client knows nothing to say.
  const said = fault === 'absent' ? 'there is no such object' : message;
  if (fault === 'credentials')
    return new ConfigurationError(`${uri}: no credentials that S3 takes: ${said}`, {
      cause: error,
      hint: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role',
    });
  if (fault === 'no-bucket')
    return new ConfigurationError(`${uri}: there is no such bucket`, {
      cause: error,
      hint: 'check its name and the region and account of your credentials',
    });
  const hint = HINTS[fault] ?? (isUnreachable(error) ? UNREACHABLE : undefined);
  return new StorageError(CODES[fault], operation, key, said, {
    ...{ uri, cause: error },
    ...(hint === undefined ? {} : { hint }),
  });
}
