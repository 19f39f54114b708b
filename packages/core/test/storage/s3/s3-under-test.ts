import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startAws, type Aws, type AwsOptions } from '@winnow/testing';
import type { OpenStorage } from '../../../src/storage/open-storage.ts';
import type { Environment } from '../../../src/storage/s3/s3-client.ts';
import { s3Opener } from '../../../src/storage/s3/s3-opener.ts';
import { parseS3Uri } from '../../../src/storage/s3/s3-uri.ts';
import type { Storage } from '../../../src/storage/storage.ts';

/** An S3 that tests run against: a bucket of it is theirs below some prefix. */
export interface S3UnderTest {
  readonly bucket: string;
  /** Undefined for a real one. */
  readonly aws: Aws | undefined;
  /** What a process needs to reach it, faults included. */
  readonly environment: Environment;
  readonly open: OpenStorage;
  /** AWS's own client, without faults: it prepares and looks. */
  readonly s3: S3Client;
  /** The URI of a place where nothing is. */
  freshUri(): string;
  /** Removes everything below a place, uploads under way as well. */
  empty(storage: Storage): Promise<void>;
  stop(): Promise<void>;
}

const BUCKET = 'winnow-tests';

/**
 * Moto, with such faults; or, where `WINNOW_TEST_S3` names a place (`s3://bucket/prefix`), that one of a real account: by
 * the default credentials, without faults. What tests put there they remove.
 */
export async function startS3UnderTest(faults?: AwsOptions['faults']): Promise<S3UnderTest> {
  const named = process.env['WINNOW_TEST_S3'];
  return named === undefined ? startMoto(faults) : realAccount(named);
}

async function startMoto(faults: AwsOptions['faults']): Promise<S3UnderTest> {
  const aws = await startAws({ images: {}, ...(faults && { faults }) });
  // Credentials come by the default chain, which looks at the process itself.
  const before = { ...process.env };
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = aws.environment;
  Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
  const s3 = clientOf({ ...aws.environment, AWS_ENDPOINT_URL: aws.steadyEndpoint });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  return {
    aws,
    ...placesOf(BUCKET, '', aws.environment),
    s3,
    stop: async () => {
      process.env = before;
      s3.destroy();
      await aws.stop();
    },
  };
}

function realAccount(uri: string): S3UnderTest {
  const { bucket, path } = parseS3Uri(uri);
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  const s3 = new S3Client({});
  return {
    aws: undefined,
    ...placesOf(bucket, prefix, process.env),
    s3,
    stop: () => {
      s3.destroy();
      return Promise.resolve();
    },
  };
}

function placesOf(bucket: string, prefix: string, environment: Environment) {
  return {
    bucket,
    environment,
    // Waits as outside, but shorter: what is tried here is what comes after them.
    open: s3Opener(environment, { sleep: (ms) => sleep(ms / 10), random: Math.random }),
    freshUri: () => `s3://${bucket}/${prefix}${randomUUID()}`,
    empty: async (storage: Storage): Promise<void> => {
      await storage.discardPending('');
      for await (const { key } of storage.list('')) await storage.remove(key);
    },
  };
}

/** A client for exactly these settings: those of the process do not matter. */
export function clientOf(environment: Environment): S3Client {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
  return new S3Client({
    endpoint: AWS_ENDPOINT_URL ?? '',
    region: AWS_REGION ?? '',
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID ?? '', secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '' },
    forcePathStyle: true,
  });
}
