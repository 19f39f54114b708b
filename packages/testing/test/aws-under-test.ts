import { fileURLToPath } from 'node:url';
import {
  BatchClient,
  DescribeJobsCommand,
  SubmitJobCommand,
  type JobDetail,
  type SubmitJobRequest,
} from '@aws-sdk/client-batch';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startAws, type Aws, type AwsOptions } from '../src/aws.ts';
import type { RunningContainer } from '../src/containers/containers.ts';
import { prepareBatch, type PreparedBatch } from '../src/prepare-batch.ts';
import { unsignedFor } from '../src/test-credentials.ts';
import { until } from './until.ts';

export const IMAGE = 'winnow/child:1';
const CHILD = fileURLToPath(new URL('child.ts', import.meta.url));

/** Everything that a test of Batch needs. The clients see no faults unless they are made for `aws.endpoint`. */
export interface AwsUnderTest {
  readonly aws: Aws;
  readonly prepared: PreparedBatch;
  readonly batch: BatchClient;
  readonly s3: S3Client;
  /** Submits to the Spot queue with variables for `child.ts`; gives the job's id. */
  submit(variables?: Record<string, string>, fields?: Partial<SubmitJobRequest>): Promise<string>;
  describe(jobId: string): Promise<JobDetail>;
  /** As soon as it has SUCCEEDED or FAILED. */
  finished(jobId: string): Promise<JobDetail>;
  /** As soon as so many containers run, none of `gone` among them, and have told of themselves: then they are ready for a signal. */
  running(count: number, gone?: readonly RunningContainer[]): Promise<RunningContainer[]>;
  /** The environment of that attempt, as soon as it has told; it is ready for a signal then. */
  environmentOf(jobId: string, attempt: number): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export const clientConfig = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'testing', secretAccessKey: 'testing' },
});

export async function startAwsUnderTest(options: Partial<AwsOptions> = {}): Promise<AwsUnderTest> {
  const tells: Record<string, string> = {};
  const aws = await startAws({
    images: { [IMAGE]: { argv: [process.execPath, CHILD], env: tells } },
    ...options,
  });
  const bucketUrl = `${aws.steadyEndpoint}/children`;
  tells['CHILD_TELLS'] = bucketUrl;
  const [batch, s3] = [
    new BatchClient(clientConfig(aws.steadyEndpoint)),
    new S3Client(clientConfig(aws.steadyEndpoint)),
  ];
  await s3.send(new CreateBucketCommand({ Bucket: 'children' }));
  const prepared = await prepareBatch({ endpoint: aws.steadyEndpoint, image: IMAGE });
  const describe = async (jobId: string): Promise<JobDetail> => {
    const { jobs } = await batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
    return jobs![0]!;
  };
  const environmentOf: AwsUnderTest['environmentOf'] = (jobId, attempt) =>
    until(async () => {
      const answer = await fetch(`${bucketUrl}/${jobId.replace(':', '/')}/${attempt}.json`, {
        headers: { authorization: unsignedFor('s3') },
      });
      const text = await answer.text();
      return answer.ok ? (JSON.parse(text) as Record<string, string>) : undefined;
    });
  return {
    aws,
    prepared,
    batch,
    s3,
    describe,
    submit: async (variables = {}, fields = {}) => {
      const { jobId } = await batch.send(
        new SubmitJobCommand({
          jobName: 'test',
          jobQueue: prepared.jobQueue,
          jobDefinition: prepared.jobDefinition,
          ...(Object.keys(variables).length > 0 && { containerOverrides: overrides(variables) }),
          ...fields,
        }),
      );
      return jobId!;
    },
    finished: (jobId) =>
      until(async () => {
        const job = await describe(jobId);
        return job.status === 'SUCCEEDED' || job.status === 'FAILED' ? job : undefined;
      }),
    running: async (count, ended = []) => {
      const gone = new Set(ended.map(({ pid }) => pid));
      const running = await until(() => {
        const now = aws.running();
        return now.length === count && !now.some(({ pid }) => gone.has(pid)) ? now : undefined;
      });
      await Promise.all(running.map(({ jobId, attempt }) => environmentOf(jobId, attempt)));
      return running;
    },
    environmentOf,
    stop: async () => {
      batch.destroy();
      s3.destroy();
      await aws.stop();
    },
  };
}

export const overrides = (variables: Record<string, string>) => ({
  environment: Object.entries(variables).map(([name, value]) => ({ name, value })),
});

/** The rules that suit Fargate Spot: once more where the attempt was interrupted. */
export const RETRY_INTERRUPTED = {
  attempts: 3,
  evaluateOnExit: [
    { onStatusReason: 'Your Spot Task was interrupted*', action: 'RETRY' as const },
    { onExitCode: '75', action: 'RETRY' as const },
    { onReason: '*', action: 'EXIT' as const },
  ],
};
