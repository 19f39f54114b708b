import type { JobDetail } from '@aws-sdk/client-batch';
import type { BatchApi } from '@winnow/orchestrator/aws-batch';

const BY_THE_SERVICE = new Error('the run should not have called this');

/**
 * AWS Batch in this process, for a million shards: it counts its calls and holds numbers only. With each description of an
 * array a tenth of its children succeed.
 */
export class CountingBatch implements BatchApi {
  submits = 0;
  describes = 0;
  lists = 0;
  ends = 0;
  readonly #firsts: number[] = [];
  readonly #sizes: number[] = [];
  readonly #done: number[] = [];

  /** Calls of all kinds. */
  get calls(): number {
    return this.submits + this.describes + this.lists + this.ends;
  }

  submitJob(request: Parameters<BatchApi['submitJob']>[0]): Promise<string> {
    this.submits++;
    const base = request.containerOverrides?.environment?.find(({ name }) => name === 'WINNOW_SHARD_BASE');
    this.#firsts.push(Number(base?.value));
    this.#sizes.push(request.arrayProperties?.size ?? 1);
    this.#done.push(0);
    return Promise.resolve(String(this.#sizes.length - 1));
  }

  /** Whether the child that does a shard has succeeded. Arrays are submitted in the order of their shards. */
  isDone(shard: number): boolean {
    const array = this.#firsts.findLastIndex((first) => first <= shard);
    return array >= 0 && shard - (this.#firsts[array] ?? 0) < (this.#done[array] ?? 0);
  }

  describeJobs(jobIds: readonly string[]): Promise<readonly JobDetail[]> {
    this.describes++;
    return Promise.resolve(jobIds.map((jobId) => this.#describe(Number(jobId))));
  }

  listJobs(): ReturnType<BatchApi['listJobs']> {
    this.lists++;
    return Promise.reject(BY_THE_SERVICE);
  }

  cancelJob(): Promise<void> {
    return this.#ended();
  }

  terminateJob(): Promise<void> {
    return this.#ended();
  }

  cancelJobs(): Promise<undefined> {
    return this.#ended();
  }

  terminateJobs(): Promise<undefined> {
    return this.#ended();
  }

  jobDefinition(name: string): ReturnType<BatchApi['jobDefinition']> {
    return Promise.resolve({
      ...{ jobDefinitionName: name, jobDefinitionArn: `${name}:1`, revision: 1, type: 'container' },
      ...{ containerProperties: { image: 'i' }, platformCapabilities: ['FARGATE'] },
    });
  }

  jobQueue(name: string): ReturnType<BatchApi['jobQueue']> {
    return Promise.resolve({
      ...{ jobQueueName: name, jobQueueArn: name, priority: 1, computeEnvironmentOrder: [] },
      ...{ state: 'ENABLED', status: 'VALID' },
    });
  }

  computeEnvironments(): ReturnType<BatchApi['computeEnvironments']> {
    return Promise.reject(BY_THE_SERVICE);
  }

  #ended(): Promise<undefined> {
    this.ends++;
    return Promise.reject(BY_THE_SERVICE);
  }

  #describe(index: number): JobDetail {
    const size = this.#sizes[index] ?? 0;
    const done = Math.min(size, (this.#done[index] ?? 0) + Math.ceil(size / 10));
    this.#done[index] = done;
    return {
      ...{ jobId: String(index), jobName: '', jobQueue: '', jobDefinition: '', startedAt: 0 },
      status: done === size ? 'SUCCEEDED' : 'PENDING',
      arrayProperties: { size, statusSummary: { RUNNABLE: size - done, SUCCEEDED: done } },
    };
  }
}
