import {
  BatchClient,
  CancelJobCommand,
  CancelJobsCommand,
  DescribeComputeEnvironmentsCommand,
  DescribeJobDefinitionsCommand,
  DescribeJobQueuesCommand,
  DescribeJobsCommand,
  GetJobQueueSnapshotCommand,
  ListJobsCommand,
  SubmitJobCommand,
  TerminateJobCommand,
  TerminateJobsCommand,
  type CancelJobsErrorDetail,
  type JobDefinition,
} from '@aws-sdk/client-batch';
import { retrying, type RetryTimes, type Waiting } from '@winnow/core';
import { batchError, batchRetryKind, isDenied, isUnknownOperation } from './batch-errors.ts';
import type { BatchApi, BatchSetupApi, EndFailure } from './batch-api.ts';
import { RequestPace } from './request-pace.ts';

/** Some minutes: an orchestrator has time, and what it waits for goes on without it. */
const TIMES: RetryTimes = { attempts: 12, baseMs: 500, capMs: 30_000, throttledBaseMs: 1000 };
const PACE = { perSecond: 5, burst: 10 };
const CONNECT_MS = 5000;
const ANSWER_MS = 30_000;

/** AWS Batch by its SDK: default credential chain, region and endpoint from the environment. */
export function sdkBatchApi(
  waiting: Waiting,
  now: () => number,
  times: RetryTimes = TIMES,
): BatchApi & BatchSetupApi {
  const client = new BatchClient({
    // What a second try may mean differs from call to call: it is decided here.
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
    },
  });
  const pace = new RequestPace(PACE, now, waiting.sleep);

  /** @param repeatable whether the call may be carried out twice */
  async function call<T>(operation: string, act: () => Promise<T>, repeatable = true): Promise<T> {
    const once = async (): Promise<T> => {
      await pace.take();
      try {
        const answer = await act();
        pace.answered();
        return answer;
      } catch (error) {
        if (batchRetryKind(error) === 'throttled') pace.throttled();
        throw error;
      }
    };
    try {
      return await retrying(once, {
        times,
        waiting,
        kindOf: (error) => {
          const kind = batchRetryKind(error);
          return kind === 'transient' && !repeatable ? 'final' : kind;
        },
      });
    } catch (error) {
      throw batchError(operation, error);
    }
  }

  async function endTogether(
    operation: string,
    act: () => Promise<{ errors: CancelJobsErrorDetail[] | undefined }>,
  ): Promise<EndFailure[] | undefined> {
    try {
      const { errors } = await call(operation, act);
      return (errors ?? []).map(({ job, message }) => ({ jobId: job ?? '', message: message ?? '' }));
    } catch (error) {
      if (isUnknownOperation((error as Error).cause)) return undefined;
      throw error;
    }
  }

  return {
    submitJob: async (request) => {
      const { jobId } = await call('SubmitJob', () => client.send(new SubmitJobCommand(request)), false);
      return jobId ?? '';
    },
    describeJobs: async (jobIds) => {
      const command = new DescribeJobsCommand({ jobs: [...jobIds] });
      return (await call('DescribeJobs', () => client.send(command))).jobs ?? [];
    },
    listJobs: async (query) => {
      const answer = await call('ListJobs', () => client.send(new ListJobsCommand(query)));
      return { jobs: answer.jobSummaryList ?? [], next: answer.nextToken };
    },
    cancelJob: async (jobId, reason) => {
      await call('CancelJob', () => client.send(new CancelJobCommand({ jobId, reason })));
    },
    terminateJob: async (jobId, reason) => {
      await call('TerminateJob', () => client.send(new TerminateJobCommand({ jobId, reason })));
    },
    cancelJobs: (jobIds, reason) =>
      endTogether('CancelJobs', () => client.send(new CancelJobsCommand({ jobs: [...jobIds], reason }))),
    terminateJobs: (jobIds, reason) =>
      endTogether('TerminateJobs', () =>
        client.send(new TerminateJobsCommand({ jobs: [...jobIds], reason })),
      ),
    jobDefinition: async (name) => {
      const exact = name.includes(':');
      const command = new DescribeJobDefinitionsCommand(
        exact ? { jobDefinitions: [name] } : { jobDefinitionName: name, status: 'ACTIVE' },
      );
      const { jobDefinitions = [] } = await call('DescribeJobDefinitions', () => client.send(command));
      return latest(jobDefinitions);
    },
    jobQueue: async (name) => {
      const command = new DescribeJobQueuesCommand({ jobQueues: [name] });
      return (await call('DescribeJobQueues', () => client.send(command))).jobQueues?.[0];
    },
    computeEnvironments: async (names) => {
      const command = new DescribeComputeEnvironmentsCommand({ computeEnvironments: [...names] });
      return (
        (await call('DescribeComputeEnvironments', () => client.send(command))).computeEnvironments ?? []
      );
    },
    frontOfQueue: async (jobQueue) => {
      const command = new GetJobQueueSnapshotCommand({ jobQueue });
      try {
        return (await call('GetJobQueueSnapshot', () => client.send(command))).frontOfQueue ?? {};
      } catch (error) {
        if (!isDenied(error) && isUnknownOperation((error as Error).cause)) return undefined;
        throw error;
      }
    },
  };
}

const latest = (definitions: readonly JobDefinition[]): JobDefinition | undefined =>
  definitions.toSorted((a, b) => (b.revision ?? 0) - (a.revision ?? 0))[0];
