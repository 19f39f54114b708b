import {
  BatchClient,
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  RegisterJobDefinitionCommand,
  type RegisterJobDefinitionRequest,
} from '@aws-sdk/client-batch';
import { createRole, defaultNetwork, type Network } from './query-api.ts';
import { TEST_CREDENTIALS } from './test-credentials.ts';

export interface PrepareBatchOptions {
  /** One without faults: preparing is not what is tested. */
  readonly endpoint: string;
  /** Name of the image that the job definitions run. */
  readonly image: string;
  /** Names begin with it; default `winnow`. */
  readonly prefix?: string;
}

/** What jobs can be submitted to, by name. */
export interface PreparedBatch {
  /** On Fargate Spot. */
  readonly jobQueue: string;
  /** On Fargate on demand, for what Spot has no room for. */
  readonly fallbackQueue: string;
  /** By `containerProperties`, 1 vCPU and 2 GiB. Neither definition has a retry strategy or a time-out. */
  readonly jobDefinition: string;
  /** By `ecsProperties`, as large, with a stop time-out of 120 s; its container is `main`. */
  readonly ecsJobDefinition: string;
}

/** Makes role, compute environments, queues and job definitions, as an infrastructure stack would. */
export async function prepareBatch(options: PrepareBatchOptions): Promise<PreparedBatch> {
  const { endpoint, image, prefix = 'winnow' } = options;
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = TEST_CREDENTIALS;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const batch = new BatchClient({ endpoint, region: AWS_REGION, credentials });
  const names = {
    jobQueue: `${prefix}-spot`,
    fallbackQueue: `${prefix}-on-demand`,
    jobDefinition: `${prefix}-container`,
    ecsJobDefinition: `${prefix}-ecs`,
  };
  try {
    const role = await createRole(endpoint, `${prefix}-role`);
    const network = await defaultNetwork(endpoint);
    await makeQueue(batch, names.jobQueue, 'FARGATE_SPOT', role, network);
    await makeQueue(batch, names.fallbackQueue, 'FARGATE', role, network);
    for (const definition of definitions(names, image, role))
      await batch.send(new RegisterJobDefinitionCommand(definition));
    return names;
  } finally {
    batch.destroy();
  }
}

async function makeQueue(
  batch: BatchClient,
  jobQueueName: string,
  type: 'FARGATE' | 'FARGATE_SPOT',
  serviceRole: string,
  network: Network,
): Promise<void> {
  const { computeEnvironmentArn } = await batch.send(
    new CreateComputeEnvironmentCommand({
      computeEnvironmentName: `${jobQueueName}-environment`,
      type: 'MANAGED',
      state: 'ENABLED',
      // Optional on AWS, which has a role of its own for Batch; moto demands one that exists.
      serviceRole,
      computeResources: { type, maxvCpus: 256, ...network },
    }),
  );
  await batch.send(
    new CreateJobQueueCommand({
      jobQueueName,
      // The default on AWS; moto has none.
      state: 'ENABLED',
      priority: 1,
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: computeEnvironmentArn }],
    }),
  );
}

function definitions(names: PreparedBatch, image: string, role: string): RegisterJobDefinitionRequest[] {
  const container = {
    image,
    resourceRequirements: [
      { type: 'VCPU' as const, value: '1' },
      { type: 'MEMORY' as const, value: '2048' },
    ],
  };
  const main = { ...container, name: 'main', essential: true, stopTimeout: 120 };
  return [
    {
      jobDefinitionName: names.jobDefinition,
      type: 'container',
      platformCapabilities: ['FARGATE'],
      containerProperties: { ...container, executionRoleArn: role, jobRoleArn: role },
    },
    {
      jobDefinitionName: names.ecsJobDefinition,
      type: 'container',
      platformCapabilities: ['FARGATE'],
      ecsProperties: {
        taskProperties: [{ executionRoleArn: role, taskRoleArn: role, containers: [main] }],
      },
    },
  ];
}
