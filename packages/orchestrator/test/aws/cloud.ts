import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { BatchClient } from '@aws-sdk/client-batch';
import type { Report } from '@winnow/core';
import {
  prepareBatch,
  startAws,
  type Aws,
  type AwsOptions,
  type Image,
  type PreparedBatch,
} from '@winnow/testing';
import { startWinnow, type Ended, type Running } from '../winnow.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const IMAGE = 'winnow/worker:1';

/** The entry point of the image as a process; with `WINNOW_TEST_IMAGE` the image itself, by the Docker engine. */
function containerImage(): Image {
  const docker = process.env['WINNOW_TEST_IMAGE'] ?? '';
  return docker === '' ? { argv: [process.execPath, here('../../../../docker/entry.ts')] } : { docker };
}

export const BUCKET = 'lake';

/** S3, AWS Batch whose containers are processes of the built worker, and the command as a user has it. */
export interface Cloud {
  readonly aws: Aws;
  readonly prepared: PreparedBatch;
  /** Sees no faults. */
  readonly batch: BatchClient;
  /** Looks at what was written with AWS's own client, without faults. */
  readonly objects: Objects;
  /** What a command on this machine gets. */
  readonly environment: Readonly<Record<string, string>>;
  start(args: readonly string[], cwd: string): Running;
  winnow(args: readonly string[], cwd: string): Promise<Ended>;
  /** `winnow run … --json`; fails with what the command said when there is no report. */
  runReport(args: readonly string[], cwd: string): Promise<RunEnded>;
  /** The same without faults. */
  runUndisturbed(args: readonly string[], cwd: string): Promise<RunEnded>;
  stop(): Promise<void>;
}

export interface RunEnded {
  readonly code: number | null;
  readonly report: Report;
  readonly stderr: string;
}

/** The keys of the bucket, by AWS's own client. */
export interface Objects {
  /** Copies a folder of this machine below a prefix. */
  putFolder(folder: string, prefix: string): Promise<void>;
  put(key: string, bytes: string | Uint8Array): Promise<void>;
  keys(prefix: string): Promise<string[]>;
  get(key: string): Promise<Buffer>;
  remove(key: string): Promise<void>;
  /** Name → hash of each part in an output, in the order of the names. */
  partHashes(prefix: string): Promise<Record<string, string>>;
}

export async function startCloud(options: Partial<AwsOptions> = {}): Promise<Cloud> {
  const aws = await startAws({ images: { [IMAGE]: containerImage() }, ...options });
  const prepared = await prepareBatch({ endpoint: aws.steadyEndpoint, image: IMAGE });
  const { AWS_REGION = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = aws.environment;
  const config = {
    endpoint: aws.steadyEndpoint,
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
  };
  const [batch, s3] = [new BatchClient(config), new S3Client(config)];
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const start: Cloud['start'] = (args, cwd) => startWinnow(args, cwd, aws.environment);
  const runWith = async (
    environment: NodeJS.ProcessEnv,
    args: readonly string[],
    cwd: string,
  ): Promise<RunEnded> => {
    const { code, stdout, stderr } = await startWinnow(['run', ...args, '--json'], cwd, environment).ended;
    if (stdout === '') throw new Error(`winnow run ended with ${code ?? 'a signal'}: ${stderr}`);
    return { code, report: JSON.parse(stdout) as Report, stderr };
  };
  return {
    aws,
    prepared,
    batch,
    objects: objectsOf(s3),
    environment: aws.environment,
    start,
    winnow: (args, cwd) => start(args, cwd).ended,
    runReport: (args, cwd) => runWith(aws.environment, args, cwd),
    runUndisturbed: (args, cwd) =>
      runWith({ ...aws.environment, AWS_ENDPOINT_URL: aws.steadyEndpoint }, args, cwd),
    stop: async () => {
      batch.destroy();
      s3.destroy();
      await aws.stop();
    },
  };
}

function objectsOf(s3: S3Client): Objects {
  const get: Objects['get'] = async (key) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
    return buffer(Body as NodeJS.ReadableStream);
  };
  const put: Objects['put'] = async (key, bytes) => {
    await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body: bytes }));
  };
  const keys: Objects['keys'] = async (prefix) => {
    const found: string[] = [];
    let token: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({
          Bucket: BUCKET,
          Prefix: prefix,
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      found.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  };
  return {
    get,
    put,
    keys,
    putFolder: async (folder, prefix) => {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        await put(prefix + relative(folder, path), await buffer(createReadStream(path)));
      }
    },
    remove: async (key) => {
      await s3.send(new DeleteObjectCommand({ Bucket: BUCKET, Key: key }));
    },
    partHashes: async (prefix) => {
      const hashes: Record<string, string> = {};
      for (const key of await keys(`${prefix}part-`)) {
        hashes[key.slice(prefix.length)] = createHash('sha256')
          .update(await get(key))
          .digest('hex');
      }
      return hashes;
    },
  };
}
