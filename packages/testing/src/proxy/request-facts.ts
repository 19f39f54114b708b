import type { IncomingHttpHeaders } from 'node:http';

/** What a request asks for, in AWS's words. */
export interface RequestFacts {
  readonly service: 's3' | 'batch' | 'other';
  /** Such as `SubmitJob` or `UploadPart`; '' where it is none of those that matter here. */
  readonly operation: string;
  readonly method: string;
  /** As it was sent, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** A write with If-Match or If-None-Match. */
  readonly conditional: boolean;
}

const BATCH_OPERATIONS = [
  'CancelJob',
  'CancelJobs',
  'CreateComputeEnvironment',
  'CreateJobQueue',
  'DeregisterJobDefinition',
  'DescribeJobDefinitions',
  'DescribeJobQueues',
  'DescribeJobs',
  'ListJobs',
  'RegisterJobDefinition',
  'SubmitJob',
  'TerminateJob',
  'TerminateJobs',
] as const;

export type BatchOperation = (typeof BATCH_OPERATIONS)[number];

/** Subresources of S3 objects: requests with one of these are about something else than the object's bytes. */
const SUBRESOURCES = [
  'acl',
  'tagging',
  'retention',
  'legal-hold',
  'attributes',
  'torrent',
  'restore',
  'select',
];

export function requestFacts(method: string, url: string, headers: IncomingHttpHeaders): RequestFacts {
  const cut = url.indexOf('?');
  const path = cut === -1 ? url : url.slice(0, cut);
  const query = new URLSearchParams(cut === -1 ? '' : url.slice(cut));
  const service = serviceOf(path, query, headers.authorization);
  const operation =
    service === 'batch'
      ? batchOperation(path)
      : service === 's3'
        ? s3Operation(method, path, query, headers)
        : '';
  const conditional =
    (method === 'PUT' || method === 'POST') &&
    (headers['if-match'] ?? headers['if-none-match']) !== undefined;
  return { service, operation, method, path, query, conditional };
}

/** By what the request is signed for, as moto tells them apart; unsigned, by its path. */
function serviceOf(path: string, query: URLSearchParams, authorization = ''): RequestFacts['service'] {
  const credential = query.get('X-Amz-Credential') ?? authorization;
  const [, signedFor] = /\/([a-z0-9-]+)\/aws4_request/.exec(credential) ?? [];
  if (path.startsWith('/moto-api/')) return 'other';
  if (signedFor !== undefined) return signedFor === 's3' || signedFor === 'batch' ? signedFor : 'other';
  return path.startsWith('/v1/') ? 'batch' : 's3';
}

function batchOperation(path: string): BatchOperation | '' {
  const name = path.slice('/v1/'.length).toLowerCase();
  return BATCH_OPERATIONS.find((operation) => operation.toLowerCase() === name) ?? '';
}

/** Of requests in path style: `/bucket/key`. */
function s3Operation(
  method: string,
  path: string,
  query: URLSearchParams,
  headers: IncomingHttpHeaders,
): string {
  if (SUBRESOURCES.some((name) => query.has(name))) return '';
  if (!/^\/[^/]+\/./.test(path)) return bucketOperation(method, query);
  const upload = query.has('uploadId');
  switch (method) {
    case 'GET':
      return upload ? 'ListParts' : 'GetObject';
    case 'HEAD':
      return 'HeadObject';
    case 'PUT':
      if (headers['x-amz-copy-source'] !== undefined) return upload ? 'UploadPartCopy' : 'CopyObject';
      return upload ? 'UploadPart' : 'PutObject';
    case 'POST':
      if (query.has('uploads')) return 'CreateMultipartUpload';
      return upload ? 'CompleteMultipartUpload' : '';
    case 'DELETE':
      return upload ? 'AbortMultipartUpload' : 'DeleteObject';
    default:
      return '';
  }
}

function bucketOperation(method: string, query: URLSearchParams): string {
  if (method === 'PUT') return query.size === 0 || query.has('x-id') ? 'CreateBucket' : '';
  if (method === 'POST') return query.has('delete') ? 'DeleteObjects' : '';
  if (method !== 'GET') return '';
  if (query.has('uploads')) return 'ListMultipartUploads';
  return query.has('list-type') || query.size === 0 ? 'ListObjectsV2' : '';
}
