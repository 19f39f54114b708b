import { expect, test } from '@jest/globals';
import { RequestCounts } from '../../src/storage/request-counts.ts';

test('requests are counted as S3 bills them: what deletes is free', () => {
  const requests = new RequestCounts();
  const sent = [
    ...['PutObjectCommand', 'CopyObjectCommand', 'ListObjectsV2Command', 'CreateMultipartUploadCommand'],
    ...['UploadPartCommand', 'CompleteMultipartUploadCommand', 'ListMultipartUploadsCommand'],
    ...['GetObjectCommand', 'HeadObjectCommand', 'DeleteObjectCommand', 'AbortMultipartUploadCommand'],
  ];
  for (const command of sent) requests.see(command);
  expect({ writes: requests.writes, reads: requests.reads }).toEqual({ writes: 7, reads: 2 });
});
