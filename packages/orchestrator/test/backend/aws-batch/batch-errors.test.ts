import { describe, expect, test } from '@jest/globals';
import { ConfigurationError, WinnowError, type RetryKind } from '@winnow/core';
import {
  batchError,
  batchRetryKind,
  isUnknownOperation,
} from '../../../src/backend/aws-batch/batch-errors.ts';

const said = (name: string, httpStatusCode?: number, message = name): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode } });

describe('what Batch answers', () => {
  test.each<[unknown, RetryKind]>([
    [said('TooManyRequestsException', 429), 'throttled'],
    [said('ThrottlingException', 400), 'throttled'],
    [said('RequestLimitExceeded', 503), 'throttled'],
    [said('Unheard', 429), 'throttled'],
    [said('ServerException', 500), 'transient'],
    [said('ServiceUnavailable', 503), 'transient'],
    [Object.assign(new Error('reset'), { code: 'ECONNRESET' }), 'transient'],
    [said('TimeoutError'), 'transient'],
    [new SyntaxError('Unexpected end of JSON input'), 'transient'],
    [said('ClientException', 400), 'final'],
    [said('AccessDeniedException', 403), 'final'],
    [said('CredentialsProviderError'), 'final'],
    [said('Error', undefined, 'Region is missing'), 'final'],
    [new ConfigurationError('ours'), 'final'],
    [new TypeError('a bug'), 'final'],
  ])('%p is %s', (error, kind) => {
    expect(batchRetryKind(error)).toBe(kind);
  });

  test.each<[Error, string, string]>([
    [
      said('ClientException', 400, 'no such queue'),
      'AWS Batch SubmitJob: no such queue',
      'check the names of the queue and the job definition, and the region',
    ],
    [
      said('AccessDeniedException', 403, 'no'),
      'AWS Batch SubmitJob: no',
      'allow batch:SubmitJob to your role',
    ],
    [
      said('ExpiredTokenException', 403, 'old'),
      'AWS Batch SubmitJob: old',
      'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the machine a role',
    ],
    [
      said('Error', undefined, 'Region is missing'),
      'AWS Batch SubmitJob: Region is missing',
      'set AWS_REGION',
    ],
  ])('a final one says what to do: %p', (error, message, hint) => {
    const told = batchError('SubmitJob', error);
    expect(told).toBeInstanceOf(ConfigurationError);
    expect(told).toMatchObject({ message, hint, cause: error });
  });

  test('one that may pass is marked so: the call may have been carried out', () => {
    const told = batchError('SubmitJob', said('ServerException', 500, 'oops'));
    expect(told).not.toBeInstanceOf(ConfigurationError);
    expect(told).toBeInstanceOf(WinnowError);
    expect(told).toMatchObject({ retryable: true, hint: undefined });
  });

  test('one without an answer says where to look', () => {
    const told = batchError('SubmitJob', Object.assign(new Error('no way'), { code: 'ECONNREFUSED' }));
    expect(told).toMatchObject({
      ...{ message: 'AWS Batch SubmitJob: no way', retryable: true },
      hint: 'check the network, the region and AWS_ENDPOINT_URL',
    });
  });

  test.each<[unknown, boolean]>([
    [said('UnknownOperationException', 400), true],
    [said('Unheard', 404), true],
    [said('AccessDeniedException', 403), true],
    [said('ClientException', 400), false],
    [said('ServerException', 500), false],
    [undefined, false],
  ])('%p says that there is no such call: %p', (error, expected) => {
    expect(isUnknownOperation(error)).toBe(expected);
  });
});
