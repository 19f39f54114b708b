import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { again, type S3Access } from './s3-access.ts';
import { s3Error } from './s3-errors.ts';
import { s3UriOf } from './s3-uri.ts';

/** An object under its whole key in the bucket. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly pin: string;
}

/** What a request asks for: keys that begin with `prefix`, those behind `after` only. */
export interface PageRequest {
  readonly prefix: string;
  readonly after?: string | undefined;
  /** Gives keys with a `/` behind the prefix as the folders that they are in. */
  readonly folders?: boolean;
  readonly token?: string | undefined;
}

/** Up to 1,000 objects and folders, each in byte order. */
export interface Page {
  readonly objects: readonly ListedObject[];
  /** With their `/`. */
  readonly folders: readonly string[];
  /** Of the next page; undefined at the end. */
  readonly token: string | undefined;
}

export type ReadPage = (request: PageRequest) => Promise<Page>;

/** Pages of `ListObjectsV2`: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function pageReader(access: S3Access): ReadPage {
  const { client, place } = access;
  return async ({ prefix, after, folders, token }) => {
    const command = new ListObjectsV2Command({
      Bucket: place.bucket,
      Prefix: prefix,
      // Keys may hold characters that XML cannot.
      EncodingType: 'url',
      ...(after === undefined || token !== undefined ? {} : { StartAfter: after }),
      ...(folders === true ? { Delimiter: '/' } : {}),
      ...(token === undefined ? {} : { ContinuationToken: token }),
    });
    try {
      const answer = await again(access, () => client.send(command));
      return {
        objects: (answer.Contents ?? []).map(({ Key = '', Size = 0, ETag = '' }) => ({
          key: decoded(Key),
          size: Size,
          pin: ETag,
        })),
        folders: (answer.CommonPrefixes ?? []).map(({ Prefix = '' }) => decoded(Prefix)),
        token: answer.IsTruncated === true ? answer.NextContinuationToken : undefined,
      };
    } catch (error) {
      throw s3Error('list', s3UriOf(place), prefix, error);
    }
  };
}

const decoded = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
