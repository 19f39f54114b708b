import { setTimeout as sleep } from 'node:timers/promises';
import type { LifecycleFacts } from './s3/lifecycle.ts';

/** How a bucket is set up, as far as it matters to an output. Each call asks S3, and fails by itself where that is denied. */
export interface BucketFacts {
  /** Undefined where the server does not say: some that only speak S3's language. */
  region(): Promise<string | undefined>;
  /** Needs s3:GetLifecycleConfiguration. */
  lifecycle(): Promise<LifecycleFacts>;
  /** Needs s3:GetBucketVersioning. */
  versioning(): Promise<'on' | 'suspended' | 'off'>;
}

/** Of the bucket and prefix that an `s3://` URI names. What speaks to S3 is loaded only now. */
export async function bucketFacts(
  uri: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<BucketFacts> {
  const { s3BucketFacts } = await import('./s3/s3-bucket-facts.ts');
  return s3BucketFacts(uri, environment, {
    sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
    random: Math.random,
  });
}
