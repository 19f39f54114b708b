import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAws, type Aws } from '../src/aws.ts';
import { unsignedFor } from '../src/test-credentials.ts';
import { clientConfig } from './aws-under-test.ts';

const Bucket = 'bucket-of-tests';
let aws: Aws;
let s3: S3Client;
beforeAll(async () => {
  aws = await startAws({ images: {} });
  s3 = new S3Client(clientConfig(aws.endpoint));
  await s3.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  s3.destroy();
  await aws.stop();
});

const crcText = (bytes: Uint8Array): string => {
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(bytes));
  return crc.toString('base64');
};
const put = (Key: string, Body: string | Uint8Array | Readable, fields: object = {}) =>
  s3.send(new PutObjectCommand({ Bucket, Key, Body, ...fields }));
const text = async (Key: string): Promise<string> =>
  (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString();
const exists = (Key: string): Promise<boolean> =>
  text(Key).then(
    () => true,
    () => false,
  );

const PART = 5 << 20;
const PARTS = [randomBytes(PART), randomBytes(PART), randomBytes(1234)];

/** Uploads the parts; gives what completes them. */
async function upload(Key: string): Promise<(fields?: object) => Promise<unknown>> {
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({
      Bucket,
      Key,
      ChecksumAlgorithm: 'CRC32',
      ChecksumType: 'FULL_OBJECT',
    }),
  );
  const Parts = await Promise.all(
    PARTS.map(async (Body, i) => {
      const PartNumber = i + 1;
      const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
      return { ETag, PartNumber };
    }),
  );
  return (fields = {}) =>
    s3.send(
      new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts }, ...fields }),
    );
}

test('a checksum that is right or absent passes', async () => {
  await put('right', 'hello', { ChecksumCRC32: crcText(Buffer.from('hello')) });
  await put('computed', 'hello');
  expect([await text('right'), await text('computed')]).toEqual(['hello', 'hello']);
});

test.each([
  ['CRC32', { ChecksumCRC32: crcText(Buffer.from('other')) }],
  ['SHA256', { ChecksumSHA256: Buffer.alloc(32).toString('base64') }],
])('an object whose %s is wrong is refused', async (_, fields) => {
  await expect(put('wrong', 'hello', fields)).rejects.toMatchObject({ name: 'BadDigest' });
  expect(await exists('wrong')).toBe(false);
});

test('a part whose CRC32 is wrong is refused', async () => {
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'parts' }));
  const part = new UploadPartCommand({
    Bucket,
    Key: 'parts',
    UploadId,
    PartNumber: 1,
    Body: PARTS[0]!,
    ChecksumCRC32: crcText(Buffer.from('other')),
  });
  await expect(s3.send(part)).rejects.toMatchObject({ name: 'BadDigest' });
});

test('a body of unknown length passes, its checksum behind it', async () => {
  const stream = Readable.from([Buffer.from('hello '), Buffer.from('world')]);
  await put('streamed', stream, { ContentLength: 11 });
  expect(await text('streamed')).toBe('hello world');
});

test('of a body in chunks the checksum behind it is checked', async () => {
  const send = (crc: string) =>
    fetch(`${aws.endpoint}/${Bucket}/chunked`, {
      method: 'PUT',
      headers: {
        authorization: unsignedFor('s3'),
        'content-encoding': 'aws-chunked',
        'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
        'x-amz-decoded-content-length': '5',
        'x-amz-trailer': 'x-amz-checksum-crc32',
      },
      body: ReadableStream.from(
        [`5\r\nhello\r\n0\r\nx-amz-checksum-crc32:${crc}\r\n\r\n`].map((piece) => Buffer.from(piece)),
      ),
      duplex: 'half',
    });
  const refused = await send(crcText(Buffer.from('other')));
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('BadDigest')]);
  expect((await send(crcText(Buffer.from('hello')))).status).toBe(200);
  expect(await text('chunked')).toBe('hello');
});

test('an upload is completed if the checksum of the whole is right', async () => {
  const whole = Buffer.concat(PARTS);
  const complete = await upload('whole');
  const wrong = { ChecksumCRC32: crcText(Buffer.from('other')), ChecksumType: 'FULL_OBJECT' };
  await expect(complete(wrong)).rejects.toMatchObject({ name: 'BadDigest' });
  expect(await exists('whole')).toBe(false);
  await complete({ ChecksumCRC32: crcText(whole), ChecksumType: 'FULL_OBJECT' });
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'whole' }));
  expect(Buffer.from(await Body!.transformToByteArray()).equals(whole)).toBe(true);
});

test('an upload is completed only over the version that is named', async () => {
  const { ETag } = await put('matched', 'first');
  const complete = await upload('matched');
  await expect(complete({ IfMatch: '"0123"' })).rejects.toMatchObject({
    name: 'PreconditionFailed',
    $metadata: { httpStatusCode: 412 },
  });
  expect(await text('matched')).toBe('first');
  await complete({ IfMatch: ETag });
  expect(await text('matched')).not.toBe('first');
});

test('an upload over a version of an object that is gone is refused', async () => {
  const { ETag } = await put('gone', 'first');
  const complete = await upload('gone');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
  await expect(complete({ IfMatch: ETag })).rejects.toMatchObject({ name: 'NoSuchKey' });
  expect(await exists('gone')).toBe(false);
});

test('of many that create one key at once one succeeds', async () => {
  // So large that moto is busy between its look and its write: without the gap two succeed in every third round.
  const bodies = Array.from({ length: 12 }, (_, i) => Buffer.alloc(8 << 20, `${i}`));
  const authorization = unsignedFor('s3');
  const headers = { authorization, 'if-none-match': '*' };
  for (let round = 0; round < 6; round++) {
    const url = `${aws.endpoint}/${Bucket}/race-${round}`;
    const statuses = await Promise.all(
      bodies.map(async (body) => (await fetch(url, { method: 'PUT', headers, body })).status),
    );
    expect([...statuses].sort()).toEqual([200, ...bodies.slice(1).map(() => 412)]);
    const stored = await (await fetch(url, { headers: { authorization } })).arrayBuffer();
    expect(bodies[statuses.indexOf(200)]?.equals(Buffer.from(stored))).toBe(true);
  }
});
