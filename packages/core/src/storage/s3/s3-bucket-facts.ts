import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  HeadBucketCommand,
} from '@aws-sdk/client-s3';
import type { RetryTimes, Waiting } from '../../retry.ts';
import type { BucketFacts } from '../bucket-facts.ts';
import { lifecycleFacts } from './lifecycle.ts';
import { again } from './s3-access.ts';
import { s3Client, type Environment } from './s3-client.ts';
import { s3Error, s3Fault } from './s3-errors.ts';
import { s3Place, s3UriOf } from './s3-uri.ts';

/** Somebody waits for the answer, and an account of a bucket is no work that would be lost. */
const TIMES: RetryTimes = { attempts: 3, baseMs: 100, capMs: 1000, throttledBaseMs: 500 };

/** {@link BucketFacts} by S3's own calls. */
export function s3BucketFacts(uri: string, environment: Environment, waiting: Waiting): BucketFacts {
  const client = s3Client(environment);
  const place = s3Place(uri);
  const bucket = { Bucket: place.bucket };

  async function ask<T>(operation: string, request: () => Promise<T>): Promise<T> {
    try {
      return await again({ times: TIMES, waiting }, request);
    } catch (error) {
      throw s3Error(operation, s3UriOf(place), '', error);
    }
  }

  return {
    region: () => ask('look at', async () => (await client.send(new HeadBucketCommand(bucket))).BucketRegion),
    lifecycle: () =>
      ask('look at the lifecycle rules of', async () => {
        try {
          const { Rules } = await client.send(new GetBucketLifecycleConfigurationCommand(bucket));
          return lifecycleFacts(Rules ?? [], place.prefix);
        } catch (error) {
          // NoSuchLifecycleConfiguration: it has none.
          if (s3Fault(error) === 'absent') return lifecycleFacts([], place.prefix);
          throw error;
        }
      }),
    versioning: () =>
      ask('look at the versioning of', async () => {
        const { Status } = await client.send(new GetBucketVersioningCommand(bucket));
        return Status === 'Enabled' ? 'on' : Status === 'Suspended' ? 'suspended' : 'off';
      }),
  };
}
