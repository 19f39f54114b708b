import { expect, test } from '@jest/globals';
import { accountError } from '../../../src/doctor/account/account-errors.ts';
import { lookAtCredentials } from '../../../src/doctor/account/credentials.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

const ANSWERED = { $metadata: { httpStatusCode: 403 } };
/** As the SDK throws it. */
const error = (name: string, message = 'no', more: object = ANSWERED): Error =>
  Object.assign(new Error(message), { name }, more);

test.each<[string, Error, string | undefined, RegExp]>([
  [
    'none',
    error('CredentialsProviderError', 'Could not load credentials from any providers', {}),
    undefined,
    /^FAILED {3}credentials: there are none for AWS: set AWS_PROFILE, .*nothing of AWS was looked at$/,
  ],
  [
    'none, for another server',
    error('CredentialsProviderError', 'Could not load credentials', {}),
    'http://minio:9000',
    /^FAILED {3}credentials: there are none/,
  ],
  [
    'a session with single sign-on that has ended',
    error('CredentialsProviderError', 'The SSO session associated with this profile has expired.', {}),
    undefined,
    /^FAILED {3}credentials: they have expired: sign in again/,
  ],
  ['expired', error('ExpiredToken'), undefined, /^FAILED {3}credentials: they have expired: /],
  ['expired, in other words', error('ExpiredTokenException'), 'http://minio:9000', /^FAILED .*expired/],
  ['not known', error('InvalidClientTokenId'), undefined, /^FAILED {3}credentials: AWS does not know them/],
  ['another secret', error('SignatureDoesNotMatch'), undefined, /^FAILED .* their secret is another one/],
  [
    "another server's",
    error('InvalidClientTokenId'),
    'http://minio:9000',
    /^unknown {2}credentials: STS does not know them; they may be those of http:\/\/minio:9000: /,
  ],
  [
    'it may not be asked',
    error('AccessDenied'),
    undefined,
    /^unknown {2}credentials: you may not see it: allow sts:GetCallerIdentity to your role$/,
  ],
  [
    'no answer',
    error('Error', 'connect ECONNREFUSED 127.0.0.1:1', {}),
    undefined,
    /^unknown {2}credentials: AWS STS GetCallerIdentity: connect ECONNREFUSED 127.0.0.1:1: check the network/,
  ],
])('%s', async (_what, thrown, server, line) => {
  const caller = () => Promise.reject(accountError('STS', 'GetCallerIdentity', thrown));
  expect(findingLine(await lookAtCredentials({ caller }, server))).toMatch(line);
});

test('who it is', async () => {
  const caller = () =>
    Promise.resolve({ Account: '123456789012', Arn: 'arn:aws:sts::123456789012:assumed-role/etl/me' });
  expect(findingLine(await lookAtCredentials({ caller }, undefined))).toBe(
    'ok       credentials: arn:aws:sts::123456789012:assumed-role/etl/me of the account 123456789012',
  );
});
