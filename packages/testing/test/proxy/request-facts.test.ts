import { expect, test } from '@jest/globals';
import { requestFacts } from '../../src/proxy/request-facts.ts';

const scope = (service: string) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=k/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host`,
});

test.each([
  ['POST', '/v1/submitjob', {}, 'batch', 'SubmitJob'],
  ['POST', '/v1/terminatejobs', scope('batch'), 'batch', 'TerminateJobs'],
  ['POST', '/v1/listservicejobs', scope('batch'), 'batch', ''],
  ['GET', '/v1/key', scope('s3'), 's3', 'GetObject'],
  ['POST', '/', scope('iam'), 'other', ''],
  ['GET', '/moto-api/data.json', {}, 'other', ''],
  ['GET', '/bucket/a/b?x-id=GetObject', {}, 's3', 'GetObject'],
  ['GET', '/v1/a?X-Amz-Credential=k%2F20260101%2Fus-east-1%2Fs3%2Faws4_request', {}, 's3', 'GetObject'],
  ['HEAD', '/bucket/a', {}, 's3', 'HeadObject'],
  ['PUT', '/bucket/a', {}, 's3', 'PutObject'],
  ['PUT', '/bucket/a', { 'x-amz-copy-source': '/b/c' }, 's3', 'CopyObject'],
  ['PUT', '/bucket/a?partNumber=1&uploadId=u', {}, 's3', 'UploadPart'],
  ['PUT', '/bucket/a?partNumber=1&uploadId=u', { 'x-amz-copy-source': '/b/c' }, 's3', 'UploadPartCopy'],
  ['PUT', '/bucket/a?tagging', {}, 's3', ''],
  ['POST', '/bucket/a?uploads', {}, 's3', 'CreateMultipartUpload'],
  ['POST', '/bucket/a?uploadId=u', {}, 's3', 'CompleteMultipartUpload'],
  ['DELETE', '/bucket/a?uploadId=u', {}, 's3', 'AbortMultipartUpload'],
  ['DELETE', '/bucket/a', {}, 's3', 'DeleteObject'],
  ['GET', '/bucket/a?uploadId=u', {}, 's3', 'ListParts'],
  ['PUT', '/bucket', {}, 's3', 'CreateBucket'],
  ['GET', '/bucket?list-type=2&prefix=a', {}, 's3', 'ListObjectsV2'],
  ['GET', '/bucket/?uploads', {}, 's3', 'ListMultipartUploads'],
  ['POST', '/bucket?delete', {}, 's3', 'DeleteObjects'],
  ['GET', '/bucket?versioning', {}, 's3', ''],
])('%s %s with %j is %s %s', (method, url, headers, service, operation) => {
  expect(requestFacts(method, url, headers)).toMatchObject({ service, operation, method });
});

test.each([
  ['PUT', { 'if-none-match': '*' }, true],
  ['POST', { 'if-match': '"e"' }, true],
  ['PUT', {}, false],
  ['GET', { 'if-match': '"e"' }, false],
])('%s with %j is a conditional write: %s', (method, headers, conditional) => {
  expect(requestFacts(method, '/bucket/key', headers).conditional).toBe(conditional);
});
