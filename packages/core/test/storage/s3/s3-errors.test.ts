import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, StorageError } from '../../../src/errors.ts';
import { s3Error, s3Fault, s3RetryKind, type S3Fault } from '../../../src/storage/s3/s3-errors.ts';

/** As the client throws them. */
const said = (name: string, status = 0): unknown =>
  Object.assign(new Error(`said ${name}`), { name, $metadata: { httpStatusCode: status } });
const network = (code: string): unknown => Object.assign(new Error(code), { code });

describe('what S3 answers', () => {
  test.each<[unknown, S3Fault, ReturnType<typeof s3RetryKind>, string]>([
    [said('NoSuchKey', 404), 'absent', 'final', 'not-found'],
    [said('NotFound', 404), 'absent', 'final', 'not-found'],
    [said('PreconditionFailed', 412), 'precondition', 'final', 'changed'],
    [said('412', 412), 'precondition', 'final', 'changed'],
    [said('ConditionalRequestConflict', 409), 'conflict', 'transient', 'transient'],
    [said('NoSuchUpload', 404), 'no-upload', 'final', 'transient'],
    [said('InvalidRange', 416), 'range', 'final', 'failed'],
    [said('AccessDenied', 403), 'denied', 'final', 'denied'],
    [said('Forbidden', 403), 'denied', 'final', 'denied'],
    [said('InvalidObjectState', 403), 'archived', 'final', 'failed'],
    [said('SlowDown', 503), 'throttled', 'throttled', 'transient'],
    [said('Whatever', 429), 'throttled', 'throttled', 'transient'],
    [said('ServiceUnavailable', 503), 'transient', 'transient', 'transient'],
    [said('InternalError', 500), 'transient', 'transient', 'transient'],
    [said('Unheard', 502), 'transient', 'transient', 'transient'],
    [said('RequestTimeout', 400), 'transient', 'transient', 'transient'],
    [said('BadDigest', 400), 'transient', 'transient', 'transient'],
    [said('TimeoutError'), 'transient', 'transient', 'transient'],
    [network('ECONNRESET'), 'transient', 'transient', 'transient'],
    [network('EAI_AGAIN'), 'transient', 'transient', 'transient'],
    [new Error('socket hang up'), 'transient', 'transient', 'transient'],
    [new Error('@aws-sdk XML parse error: mismatched tags'), 'transient', 'transient', 'transient'],
    [said('MalformedXML', 400), 'failed', 'final', 'failed'],
    [new TypeError('a bug'), 'failed', 'final', 'failed'],
    ['a word', 'failed', 'final', 'failed'],
  ])('%p is %s: %s, %s', (error, fault, kind, code) => {
    expect(s3Fault(error)).toBe(fault);
    expect(s3RetryKind(error)).toBe(kind);
    const told = s3Error('read', 's3://b', 'k', error);
    expect(told).toBeInstanceOf(StorageError);
    expect(told).toMatchObject({ code, operation: 'read', key: 'k', cause: error });
  });

  test.each([
    [said('NoSuchBucket', 404), 's3://b: there is no such bucket'],
    [said('CredentialsProviderError'), 's3://b: no credentials that S3 takes: said CredentialsProviderError'],
    [said('InvalidAccessKeyId', 403), 's3://b: no credentials that S3 takes: said InvalidAccessKeyId'],
  ])('%p is a matter of configuration', (error, message) => {
    const told = s3Error('read', 's3://b', 'k', error);
    expect(told).toBeInstanceOf(ConfigurationError);
    expect(told).toMatchObject({ message, hint: expect.any(String) as unknown });
  });

  test('names the object by its whole URI, and what to look at where nobody answers', () => {
    expect(s3Error('read', 's3://b/in', 'k', network('ECONNREFUSED'))).toMatchObject({
      message: 'read s3://b/in/k: ECONNREFUSED',
      hint: 'check the network, the region and AWS_ENDPOINT_URL',
    });
    expect(s3Error('list', 's3://b/in', '', network('ECONNRESET'))).toMatchObject({
      message: 'list s3://b/in: ECONNRESET',
      hint: undefined,
    });
  });

  test('lets Winnow’s own errors and the end by a signal through', () => {
    const own = new StorageError('changed', 'read', 'k', 'no more');
    const aborted = said('AbortError');
    expect(s3Error('read', 's3://b', 'k', own)).toBe(own);
    expect(s3Error('read', 's3://b', 'k', aborted)).toBe(aborted);
  });
});
