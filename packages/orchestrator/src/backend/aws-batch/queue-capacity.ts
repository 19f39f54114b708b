import type { ComputeEnvironmentDetail, JobQueueDetail } from '@aws-sdk/client-batch';
import { WinnowError, type Capacity } from '@winnow/core';
import type { BatchApi } from './batch-api.ts';

/**
 * How the containers of a queue are billed, by its compute environments:
 *
 * | all are             | then                                             |
 * |---------------------|--------------------------------------------------|
 * | FARGATE_SPOT        | `fargate-spot`                                   |
 * | FARGATE, or of both | `fargate`: nobody tells which a container got    |
 * | anything else       | `ec2`                                            |
 * | not to be seen      | undefined: only prices need it, so it is no fault |
 */
export async function queueCapacity(api: BatchApi, queue: JobQueueDetail): Promise<Capacity | undefined> {
  const names = (queue.computeEnvironmentOrder ?? []).flatMap(({ computeEnvironment = '' }) =>
    computeEnvironment === '' ? [] : [computeEnvironment],
  );
  if (names.length === 0) return undefined;
  try {
    return capacityOf(await api.computeEnvironments(names));
  } catch (error) {
    // Most of all: a command that may not ask.
    if (error instanceof WinnowError) return undefined;
    throw error;
  }
}

function capacityOf(environments: readonly ComputeEnvironmentDetail[]): Capacity | undefined {
  if (environments.length === 0) return undefined;
  const types = environments.map(({ computeResources }) => computeResources?.type);
  if (types.every((type) => type === 'FARGATE_SPOT')) return 'fargate-spot';
  return types.every((type) => type === 'FARGATE' || type === 'FARGATE_SPOT') ? 'fargate' : 'ec2';
}
