import type { S3Client } from '@aws-sdk/client-s3';
import { retrying, type RetryTimes, type Waiting } from '../../retry.ts';
import { s3RetryKind } from './s3-errors.ts';
import type { S3Place } from './s3-uri.ts';

/** What a request to S3 needs: where to, and how it is tried again. */
export interface S3Access {
  readonly client: S3Client;
  readonly place: S3Place;
  readonly times: RetryTimes;
  readonly waiting: Waiting;
}

/** Some 15 seconds of waiting on average, over which a service that splits a busy prefix comes back. */
export const S3_RETRY_TIMES: RetryTimes = { attempts: 10, baseMs: 100, capMs: 8000, throttledBaseMs: 500 };

/** Makes a request until it is answered: only for those that may be carried out twice. */
export const again = <T>(
  { times, waiting }: Pick<S3Access, 'times' | 'waiting'>,
  request: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> => retrying(request, { times, waiting, signal, kindOf: s3RetryKind });
