import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { crc32 } from 'node:zlib';
import { parseAwsChunked } from './aws-chunked.ts';

/** The bytes that are to be stored, and the checksums that were sent with them. */
export interface DigestedBody {
  readonly content: Buffer;
  /** Value of a checksum that was sent, as a header or as a trailer. */
  readonly sent: (name: string) => string | undefined;
}

export function digestedBody(headers: IncomingHttpHeaders, body: Buffer): DigestedBody {
  const header = (name: string): string | undefined => {
    const value = headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  if (header('content-encoding')?.includes('aws-chunked') !== true) return { content: body, sent: header };
  const { content, trailers } = parseAwsChunked(body);
  return { content, sent: (name) => trailers.get(name) ?? header(name) };
}

/** As S3 writes a CRC: the four bytes, in base64. */
export function crcText(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
}

const hash = (algorithm: string) => (content: Buffer) =>
  createHash(algorithm).update(content).digest('base64');

/** Those that Node can compute; others are let through, as moto does with all. */
const CHECKSUMS: readonly (readonly [header: string, name: string, digest: (content: Buffer) => string])[] = [
  ['x-amz-checksum-crc32', 'CRC32', (content) => crcText(crc32(content))],
  ['x-amz-checksum-sha1', 'SHA1', hash('sha1')],
  ['x-amz-checksum-sha256', 'SHA256', hash('sha256')],
  ['content-md5', 'Content-MD5', hash('md5')],
];

/** Which of the checksums that were sent is not that of the content; undefined where all are. */
export function wrongDigest({ content, sent }: DigestedBody): string | undefined {
  const wrong = CHECKSUMS.find(([header, , digest]) => {
    const value = sent(header);
    return value !== undefined && value !== digest(content);
  });
  return wrong?.[1];
}
