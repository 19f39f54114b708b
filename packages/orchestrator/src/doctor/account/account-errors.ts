import { ConfigurationError, WinnowError } from '@winnow/core';

const EXPIRED: readonly unknown[] = ['ExpiredTokenException', 'ExpiredToken', 'RequestExpired'];
const REFUSED: readonly unknown[] = [
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'IncompleteSignature',
  'MissingAuthenticationToken',
  'AuthFailure',
];

interface Facts {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** What is wrong with credentials, where a failed call says that something is. */
export type CredentialsFault = 'missing' | 'expired' | 'refused';

/** @param error a call's, or what {@link accountError} made of it */
export function credentialsFault(error: unknown): CredentialsFault | undefined {
  const { name, message } = ((error instanceof WinnowError ? error.cause : error) ?? {}) as Facts;
  // Of a session with single sign-on that has ended, too: the provider's words tell.
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError')
    return /expired/i.test(String(message)) ? 'expired' : 'missing';
  if (EXPIRED.includes(name)) return 'expired';
  return REFUSED.includes(name) ? 'refused' : undefined;
}

/** A failed call as Winnow's own error: the service, the call, and its answer. */
export function accountError(service: string, operation: string, error: unknown): Error {
  const { name, message, $metadata } = (error ?? {}) as Facts;
  if (error instanceof WinnowError || name === 'AbortError') return error as Error;
  const what = `AWS ${service} ${operation}`;
  const text = String(message ?? error);
  const status = $metadata?.httpStatusCode;
  if (/Deserialization error/.test(text))
    return new WinnowError(`${what}: its answer (${status ?? 'no status'}) cannot be read`, {
      ...{ cause: error, hint: 'the server may not have this call' },
    });
  if (status === undefined && credentialsFault(error) === undefined)
    return new WinnowError(`${what}: ${text}`, {
      ...{ cause: error, hint: 'check the network, the region and AWS_ENDPOINT_URL' },
    });
  return new ConfigurationError(`${what}: ${text}`, { cause: error });
}
