import { ConfigurationError } from '../../errors.ts';

/** A bucket and the keys in it that begin with a prefix: '' or ending in `/`. */
export interface S3Place {
  readonly bucket: string;
  readonly prefix: string;
}

const S3_URI = /^s3:\/\/([^/]*)(?:\/(.*))?$/is;
/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; access point ARNs and aliases besides. */
const BUCKET = /^(?:[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]|arn:aws[a-z-]*:s3[a-z0-9-]*:.+)$/;
/** Directory buckets (S3 Express One Zone) list in no order, on which a plan rests. */
const DIRECTORY_BUCKET = /--x-s3$/;

export const isS3Uri = (uri: string): boolean => /^s3:\/\//i.test(uri);

/** The bucket and what follows it, as they were written. @throws ConfigurationError for what is no S3 URI */
export function parseS3Uri(uri: string): { bucket: string; path: string } {
  const [, bucket = '', path = ''] = S3_URI.exec(uri) ?? [];
  if (!BUCKET.test(bucket))
    throw new ConfigurationError(`an S3 URI must be s3://BUCKET/PREFIX, got ${uri}`, {
      hint: 'bucket names have 3 to 63 lower-case letters, digits, dots and hyphens',
    });
  if (DIRECTORY_BUCKET.test(bucket))
    throw new ConfigurationError(`${uri} is a directory bucket, which lists its keys in no order`, {
      hint: 'use a general purpose bucket',
    });
  return { bucket, path };
}

/** The folder that a URI names, with or without `/` at its end. */
export function s3Place(uri: string): S3Place {
  const { bucket, path } = parseS3Uri(uri);
  return { bucket, prefix: path === '' || path.endsWith('/') ? path : `${path}/` };
}

/** Without the `/` at the prefix's end, unless it would be another prefix then: a key follows after one. */
export function s3UriOf({ bucket, prefix }: S3Place): string {
  const folder = prefix.slice(0, -1);
  return `s3://${bucket}${prefix === '' ? '' : `/${folder.endsWith('/') ? prefix : folder}`}`;
}
