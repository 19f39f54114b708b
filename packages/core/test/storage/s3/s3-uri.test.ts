import { describe, expect, test } from '@jest/globals';
import { isS3Uri, parseS3Uri, s3Place, s3UriOf } from '../../../src/storage/s3/s3-uri.ts';

describe('an S3 URI', () => {
  test.each([
    ['s3://bucket', '', 's3://bucket'],
    ['s3://bucket/', '', 's3://bucket'],
    ['s3://bucket/a', 'a/', 's3://bucket/a'],
    ['s3://bucket/a/b/', 'a/b/', 's3://bucket/a/b'],
    ['S3://bucket/A b/ü', 'A b/ü/', 's3://bucket/A b/ü'],
    // Another prefix than a/: the name between its slashes is empty.
    ['s3://bucket/a//', 'a//', 's3://bucket/a//'],
  ])('%s is the place with the prefix %j', (uri, prefix, shown) => {
    expect(isS3Uri(uri)).toBe(true);
    expect(s3Place(uri)).toEqual({ bucket: 'bucket', prefix });
    expect(s3UriOf({ bucket: 'bucket', prefix })).toBe(shown);
    expect(s3Place(shown)).toEqual({ bucket: 'bucket', prefix });
  });

  test('takes access points', () => {
    const arn = 'arn:aws:s3:eu-west-1:123456789012:accesspoint';
    expect(parseS3Uri(`s3://${arn}:mine/x`)).toEqual({ bucket: `${arn}:mine`, path: 'x' });
  });

  test.each([
    ['s3://', 'an S3 URI must be s3://BUCKET/PREFIX, got s3://'],
    ['s3:///key', 'an S3 URI must be s3://BUCKET/PREFIX, got s3:///key'],
    ['s3://Bucket/a', 'an S3 URI must be s3://BUCKET/PREFIX, got s3://Bucket/a'],
    ['s3://ab/a', 'an S3 URI must be s3://BUCKET/PREFIX, got s3://ab/a'],
    [
      's3://mine--use1-az4--x-s3/a',
      's3://mine--use1-az4--x-s3/a is a directory bucket, which lists its keys in no order',
    ],
  ])('refuses %s', (uri, message) => {
    expect(() => parseS3Uri(uri)).toThrow(message);
  });

  test.each(['/a', 'a', 'file:///a', 's3:/a', '@s3://b/a'])('%s is none', (path) => {
    expect(isS3Uri(path)).toBe(false);
  });
});
