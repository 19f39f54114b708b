import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { parseAwsChunked } from '../../src/moto-gaps/aws-chunked.ts';
import { crcText, digestedBody, wrongDigest } from '../../src/moto-gaps/body-digest.ts';

// The check value of CRC-32, cbf43926: https://reveng.sourceforge.io/crc-catalogue/all.htm
const CHECK = Buffer.from('123456789');
const CHECK_CRC = 'y/Q5Jg==';
const hash = (algorithm: string): string => createHash(algorithm).update(CHECK).digest('base64');

test.each([
  ['none', {}, undefined],
  ['CRC32', { 'x-amz-checksum-crc32': CHECK_CRC }, undefined],
  ['wrong CRC32', { 'x-amz-checksum-crc32': crcText(1) }, 'CRC32'],
  ['SHA256', { 'x-amz-checksum-sha256': hash('sha256') }, undefined],
  ['wrong SHA256', { 'x-amz-checksum-sha256': hash('sha1') }, 'SHA256'],
  ['SHA1', { 'x-amz-checksum-sha1': hash('sha1') }, undefined],
  ['MD5', { 'content-md5': hash('md5') }, undefined],
  ['wrong MD5', { 'content-md5': hash('sha1') }, 'Content-MD5'],
  ['CRC32C, which is let through', { 'x-amz-checksum-crc32c': 'AAAAAA==' }, undefined],
])('checksum %s', (_, headers, wrong) => {
  expect(wrongDigest(digestedBody(headers, CHECK))).toBe(wrong);
});

const CHUNKED = { 'content-encoding': 'aws-chunked' };
test.each([
  ['in a trailer', `4\r\n1234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32:${CHECK_CRC}\r\n\r\n`, undefined],
  ['with signatures', `9;chunk-signature=abc\r\n123456789\r\n0;chunk-signature=def\r\n\r\n`, undefined],
  ['wrong, in a trailer', `9\r\n12345678X\r\n0\r\nX-Amz-Checksum-Crc32: ${CHECK_CRC}\r\n\r\n`, 'CRC32'],
])('an aws-chunked body with its checksum %s', (_, body, wrong) => {
  const digested = digestedBody(CHUNKED, Buffer.from(body));
  expect(digested.content).toHaveLength(9);
  expect(wrongDigest(digested)).toBe(wrong);
});

test('a body that is not chunked as it says is no body', () => {
  expect(() => parseAwsChunked(Buffer.from('hello'))).toThrow('aws-chunked');
});
