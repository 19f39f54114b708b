import { ConfigurationError, WinnowError, type RetryKind } from '@winnow/core';

/** https://docs.aws.amazon.com/batch/latest/APIReference/CommonErrors.html */
const THROTTLED: readonly unknown[] = [
  'TooManyRequestsException',
  'ThrottlingException',
  'Throttling',
  'RequestLimitExceeded',
  'SlowDown',
];
const CREDENTIALS: readonly unknown[] = [
  'CredentialsProviderError',
  'UnrecognizedClientException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'IncompleteSignature',
  'ExpiredTokenException',
  'MissingAuthenticationToken',
];
const DENIED: readonly unknown[] = ['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation'];

interface Facts {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/**
 * | answer                                 | kind      |
 * |----------------------------------------|-----------|
 * | throttled, 429                         | throttled |
 * | a client's fault: 4xx                  | final     |
 * | no credentials, no region              | final     |
 * | a server's fault, no answer, a cut one | transient: the call may have been carried out |
 */
export function batchRetryKind(error: unknown): RetryKind {
  const { name, $metadata, $fault } = (error ?? {}) as Facts;
  const status = $metadata?.httpStatusCode;
  if (THROTTLED.includes(name) || status === 429) return 'throttled';
  if (error instanceof WinnowError || CREDENTIALS.includes(name) || DENIED.includes(name)) return 'final';
  if (status !== undefined && status >= 400 && status < 500) return 'final';
  if ($fault === 'client' || isOwnFault(error)) return 'final';
  return 'transient';
}

/** Not the service's answer, but ours: a request that could not be made. */
const isOwnFault = (error: unknown): boolean =>
  error instanceof TypeError || /Region is missing/.test(String((error as Facts | null)?.message));

/** Whether an answer only says that the service has no such operation: a bulk call is new, single ones are not. */
export function isUnknownOperation(error: unknown): boolean {
  const { name, $metadata } = (error ?? {}) as Facts;
  return (
    name === 'UnknownOperationException' ||
    $metadata?.httpStatusCode === 404 ||
    DENIED.includes(name) ||
    $metadata?.httpStatusCode === 405
  );
}

/** Whether a failed call, as {@link batchError} has it, was not allowed. */
export const isDenied = (error: unknown): boolean =>
  DENIED.includes(((error as Partial<Error> | null)?.cause as Facts | undefined)?.name);

/** A failed call as Winnow's own error. */
export function batchError(operation: string, error: unknown): Error {
  if (error instanceof WinnowError) return error;
  const { name, message, $metadata } = (error ?? {}) as Facts;
  if (name === 'AbortError') return error as Error;
  const what = `AWS Batch ${operation}: ${String(message ?? error)}`;
  const kind = batchRetryKind(error);
  const isAnswered = $metadata?.httpStatusCode !== undefined;
  if (kind !== 'final')
    return new WinnowError(what, {
      ...{ cause: error, retryable: true },
      ...(isAnswered ? {} : { hint: 'check the network, the region and AWS_ENDPOINT_URL' }),
    });
  return new ConfigurationError(what, { cause: error, hint: hintOf(operation, error) });
}

function hintOf(operation: string, error: unknown): string {
  const { name, message } = error as Facts;
  if (/Region is missing/.test(String(message))) return 'set AWS_REGION';
  if (CREDENTIALS.includes(name))
    return 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role';
  if (DENIED.includes(name)) return `allow batch:${operation} to your role`;
  return 'check the names of the queue and the job definition, and the region';
}
