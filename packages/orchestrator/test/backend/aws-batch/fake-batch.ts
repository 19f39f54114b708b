import type {
  CRType,
  JobDetail,
  JobStatus,
  JobSummary,
  KeyValuePair,
  SubmitJobCommandInput,
} from '@aws-sdk/client-batch';
import { Readable } from 'node:stream';
import { ConfigurationError, WinnowError } from '@winnow/core';
import type { ReadLogStream } from '../../../src/cloudwatch/log-stream.ts';
import type { BatchApi, EndFailure } from '../../../src/backend/aws-batch/batch-api.ts';
import {
  MAX_ARRAY_SIZE,
  MAX_DESCRIBED,
  MAX_ENDED,
  problemsOfRequest,
} from '../../../src/backend/aws-batch/limits.ts';

/** How a child ended, in the service's words. */
export interface ChildEnd {
  readonly exitCode?: number;
  readonly reason?: string;
  readonly statusReason?: string;
  /** How long each of its attempts ran; one of which nothing is told where it is absent. */
  readonly attemptSeconds?: readonly number[];
}

interface FakeJob {
  readonly id: string;
  readonly request: SubmitJobCommandInput;
  readonly createdAt: number;
  /** Of children that are no more in their first state. */
  readonly states: Map<number, JobStatus>;
  readonly ends: Map<number, ChildEnd>;
  /** Of all others. */
  rest: JobStatus;
  statusReason: string | undefined;
}

/**
 * AWS Batch in this process, for what no real one could be asked a thousand times: it counts calls, refuses what AWS
 * refuses, and lets a test decide what becomes of children and answers. The contract of its answers is the service's; the
 * suites over a real server hold the client against that.
 */
export class FakeBatch implements BatchApi {
  readonly calls: Record<string, number> = {};
  readonly jobs = new Map<string, FakeJob>();
  /** Called with each SubmitJob: `lost` carries it out and fails, `failed` fails before. */
  onSubmit: (n: number) => 'ok' | 'lost' | 'failed' | 'refused' = () => 'ok';
  /** Jobs that are not shown to listings and descriptions yet. */
  isHidden: (id: string) => boolean = () => false;
  hasBulk = true;
  /** Ids that bulk calls cannot do. */
  readonly notTogether = new Set<string>();
  /** The types of a queue's compute environments. */
  environments: Readonly<Record<string, readonly CRType[]>> = {};
  mayAskForEnvironments = true;
  /** What the last attempt at a child printed, by the child's id. */
  readonly logs = new Map<string, readonly string[]>();
  #submits = 0;
  #clock = 1000;

  /** The logs of {@link logs}, as CloudWatch would give them. */
  readonly logStreams = (): Promise<ReadLogStream> =>
    Promise.resolve((group, stream) => {
      this.#count('GetLogEvents');
      if (group !== '/aws/batch/job') return Promise.reject(new Error(`no log group ${group}`));
      const lines = this.logs.get(stream.slice('stream/'.length));
      return Promise.resolve(lines && Readable.from(lines));
    });

  #count(call: string): void {
    this.calls[call] = (this.calls[call] ?? 0) + 1;
  }

  submitJob(request: SubmitJobCommandInput): Promise<string> {
    this.#count('SubmitJob');
    const problems = problemsOfRequest(request, 0);
    if (problems.length > 0) return Promise.reject(new ConfigurationError(problems.join('; ')));
    const outcome = this.onSubmit(this.#submits++);
    if (outcome === 'refused') return Promise.reject(new ConfigurationError('AWS Batch SubmitJob: no'));
    if (outcome === 'failed') return Promise.reject(new WinnowError('no answer', { retryable: true }));
    const id = `job-${this.#submits}`;
    const job: FakeJob = {
      ...{ id, request, createdAt: this.#clock++, states: new Map(), ends: new Map() },
      rest: 'RUNNABLE',
      statusReason: undefined,
    };
    this.jobs.set(id, job);
    return outcome === 'lost'
      ? Promise.reject(new WinnowError('the reply was lost', { retryable: true }))
      : Promise.resolve(id);
  }

  describeJobs(jobIds: readonly string[]): Promise<readonly JobDetail[]> {
    this.#count('DescribeJobs');
    if (jobIds.length === 0 || jobIds.length > MAX_DESCRIBED)
      return Promise.reject(new Error(`DescribeJobs of ${jobIds.length} ids`));
    return Promise.resolve(jobIds.flatMap((id) => (this.isHidden(id) ? [] : (this.#detail(id) ?? []))));
  }

  listJobs(query: Parameters<BatchApi['listJobs']>[0]): ReturnType<BatchApi['listJobs']> {
    this.#count('ListJobs');
    const from = Number(query.nextToken ?? 0);
    const [all, most] =
      query.arrayJobId === undefined
        ? [this.#byName(query.filters?.[0]?.values?.[0] ?? '', query.jobQueue ?? ''), 100]
        : [this.#children(query.arrayJobId, query.jobStatus ?? 'RUNNING'), query.maxResults ?? 1000];
    const next = from + most < all.length ? String(from + most) : undefined;
    return Promise.resolve({ jobs: all.slice(from, from + most), next });
  }

  cancelJob(jobId: string, reason: string): Promise<void> {
    this.#count('CancelJob');
    this.end(jobId, reason, ['RUNNABLE']);
    return Promise.resolve();
  }

  terminateJob(jobId: string, reason: string): Promise<void> {
    this.#count('TerminateJob');
    this.end(jobId, reason, ['RUNNABLE', 'RUNNING']);
    return Promise.resolve();
  }

  cancelJobs(jobIds: readonly string[], reason: string): Promise<readonly EndFailure[] | undefined> {
    this.#count('CancelJobs');
    return this.#together(jobIds, (id) => this.end(id, reason, ['RUNNABLE']));
  }

  terminateJobs(jobIds: readonly string[], reason: string): Promise<readonly EndFailure[] | undefined> {
    this.#count('TerminateJobs');
    return this.#together(jobIds, (id) => this.end(id, reason, ['RUNNABLE', 'RUNNING']));
  }

  jobDefinition(name: string): ReturnType<BatchApi['jobDefinition']> {
    this.#count('DescribeJobDefinitions');
    return Promise.resolve(
      name.startsWith('none')
        ? undefined
        : {
            ...{ jobDefinitionName: name, jobDefinitionArn: `${name}:1`, revision: 1, type: 'container' },
            containerProperties: { image: 'i' },
            platformCapabilities: ['FARGATE'],
          },
    );
  }

  jobQueue(name: string): ReturnType<BatchApi['jobQueue']> {
    this.#count('DescribeJobQueues');
    if (name.startsWith('none')) return Promise.resolve(undefined);
    const state = name.startsWith('disabled') ? 'DISABLED' : 'ENABLED';
    const status = name.startsWith('invalid') ? 'INVALID' : 'VALID';
    return Promise.resolve({
      ...{ jobQueueName: name, jobQueueArn: name, priority: 1, state, status },
      computeEnvironmentOrder: (this.environments[name] ?? []).map((_, order) => ({
        order,
        computeEnvironment: `${name}/${order}`,
      })),
    });
  }

  computeEnvironments(names: readonly string[]): ReturnType<BatchApi['computeEnvironments']> {
    this.#count('DescribeComputeEnvironments');
    if (!this.mayAskForEnvironments)
      return Promise.reject(new ConfigurationError('AWS Batch DescribeComputeEnvironments: not authorized'));
    return Promise.resolve(
      names.map((name) => {
        const [queue = '', order = ''] = name.split('/');
        const type = this.environments[queue]?.[Number(order)];
        return {
          ...{ computeEnvironmentName: name, computeEnvironmentArn: name },
          computeResources: type && { type, maxvCpus: 1, subnets: [] },
        };
      }),
    );
  }

  /** Moves a child of a job on. */
  set(id: string, index: number, status: JobStatus, end: ChildEnd = {}): void {
    const job = this.#job(id);
    job.states.set(index, status);
    job.ends.set(index, end);
  }

  /** Moves all children on that no test has moved. */
  setRest(id: string, status: JobStatus): void {
    this.#job(id).rest = status;
  }

  sizeOf(id: string): number {
    return this.#job(id).request.arrayProperties?.size ?? 1;
  }

  environmentOf(id: string): Record<string, string> {
    const { containerOverrides, ecsPropertiesOverride } = this.#job(id).request;
    const pairs: readonly KeyValuePair[] =
      containerOverrides?.environment ??
      ecsPropertiesOverride?.taskProperties?.[0]?.containers?.[0]?.environment ??
      [];
    return Object.fromEntries(pairs.map(({ name = '', value = '' }) => [name, value]));
  }

  end(id: string, statusReason: string, states: readonly JobStatus[]): void {
    const job = this.jobs.get(id);
    if (job === undefined) return;
    for (let index = 0; index < this.sizeOf(id); index++) {
      const state = job.states.get(index) ?? job.rest;
      if (!states.includes(state)) continue;
      this.set(id, index, 'FAILED', { statusReason, ...(state === 'RUNNABLE' && { attemptSeconds: [] }) });
    }
  }

  #job(id: string): FakeJob {
    const job = this.jobs.get(id);
    if (job === undefined) throw new Error(`no job ${id}`);
    return job;
  }

  #together(jobIds: readonly string[], act: (id: string) => void): Promise<EndFailure[] | undefined> {
    if (!this.hasBulk) return Promise.resolve(undefined);
    if (jobIds.length > MAX_ENDED) return Promise.reject(new Error(`${jobIds.length} ids together`));
    const could = jobIds.filter((id) => !this.notTogether.has(id));
    could.forEach(act);
    return Promise.resolve(
      jobIds.filter((id) => this.notTogether.has(id)).map((jobId) => ({ jobId, message: 'not now' })),
    );
  }

  #detail(id: string): JobDetail | undefined {
    const [parent = '', index] = id.split(':');
    const job = this.jobs.get(parent);
    if (job === undefined) return undefined;
    const { request, createdAt } = job;
    const size = this.sizeOf(parent);
    const facts = {
      ...{
        jobId: id,
        jobName: request.jobName ?? '',
        jobQueue: request.jobQueue ?? '',
        jobDefinition: '',
        startedAt: 0,
      },
      createdAt,
      container: { environment: request.containerOverrides?.environment ?? [] },
    };
    if (index !== undefined || size === 1) {
      const n = Number(index ?? 0);
      const { exitCode, reason, statusReason, attemptSeconds = [0] } = job.ends.get(n) ?? {};
      return {
        ...facts,
        status: job.states.get(n) ?? job.rest,
        statusReason,
        attempts: attemptSeconds.map((seconds) => ({
          container: { exitCode, reason, ...(this.logs.has(id) && { logStreamName: `stream/${id}` }) },
          statusReason,
          ...(seconds > 0 && { startedAt: 1000, stoppedAt: 1000 + seconds * 1000 }),
        })),
      };
    }
    const counts: Partial<Record<JobStatus, number>> = {};
    for (const status of job.states.values()) counts[status] = (counts[status] ?? 0) + 1;
    const rest = size - job.states.size;
    if (rest > 0) counts[job.rest] = (counts[job.rest] ?? 0) + rest;
    const ended = (counts.SUCCEEDED ?? 0) + (counts.FAILED ?? 0) === size;
    return {
      ...facts,
      status: ended ? ((counts.FAILED ?? 0) > 0 ? 'FAILED' : 'SUCCEEDED') : 'PENDING',
      arrayProperties: { size, statusSummary: counts },
    };
  }

  #byName(name: string, queue: string): JobSummary[] {
    return [...this.jobs.values()]
      .filter(
        ({ id, request }) =>
          request.jobQueue === queue &&
          !this.isHidden(id) &&
          request.jobName?.toLowerCase() === name.toLowerCase(),
      )
      .map(({ id, request }) => ({ jobId: id, jobName: request.jobName ?? '' }));
  }

  #children(id: string, status: JobStatus): JobSummary[] {
    const job = this.#job(id);
    const found: JobSummary[] = [];
    for (let index = 0; index < Math.min(this.sizeOf(id), MAX_ARRAY_SIZE); index++) {
      if ((job.states.get(index) ?? job.rest) !== status) continue;
      const { exitCode, reason, statusReason } = job.ends.get(index) ?? {};
      found.push({
        ...{ jobId: `${id}:${index}`, jobName: job.request.jobName ?? '', status, statusReason },
        container: { exitCode, reason },
      });
    }
    return found;
  }
}
