import { setTimeout as sleep } from 'node:timers/promises';
import type { Waiting } from '../retry.ts';
import { diskStorage } from './disk-storage.ts';
import type { RequestCounts } from './request-counts.ts';
import { isS3Uri } from './s3/s3-uri.ts';
import type { Storage } from './storage.ts';

/** Opens the storage of a root: an absolute folder, or `s3://bucket/prefix`. */
export type OpenStorage = (uri: string) => Promise<Storage>;

/**
 * Opens storages for one process. What speaks to S3 is loaded with the first bucket, and shared: one pool of connections,
 * one look for credentials.
 *
 * @param requests counts what goes to S3, for who wants to know
 */
export function storageOpener(
  environment: Readonly<Record<string, string | undefined>>,
  requests?: RequestCounts,
): OpenStorage {
  let openBucket: Promise<OpenStorage> | undefined;
  const loadS3 = async (): Promise<OpenStorage> => {
    const { s3Opener } = await import('./s3/s3-opener.ts');
    const waiting: Waiting = {
      sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
      random: Math.random,
    };
    return s3Opener(environment, waiting, requests);
  };
  return async (uri) => {
    if (!isS3Uri(uri)) return diskStorage(uri);
    return (await (openBucket ??= loadS3()))(uri);
  };
}
