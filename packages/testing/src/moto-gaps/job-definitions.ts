import type {
  ContainerProperties,
  DescribeJobDefinitionsResponse,
  EcsTaskProperties,
  RegisterJobDefinitionRequest,
  RegisterJobDefinitionResponse,
  TaskContainerProperties,
} from '@aws-sdk/client-batch';
import type { BatchCall } from './batch-call.ts';
import { ClientException, refuse } from './client-exception.ts';
import { definitionProblem } from './limits.ts';
import type { GapMemory, JobDefinition } from './memory.ts';

/**
 * AWS takes `ecsProperties`, and gives back what was registered. Moto knows no `ecsProperties`; it gets the task's one
 * container as `containerProperties`. Of a second revision it keeps platform and tags of the first. Its time-out counts
 * from the submission, over all attempts and while a job waits for its place: it never learns of one.
 */
export async function registerJobDefinition(call: BatchCall): Promise<object> {
  const request = call.request as RegisterJobDefinitionRequest;
  refuse(definitionProblem(request, call.bytes));
  const { ecsProperties, timeout: _, ...rest } = request;
  const task = ecsProperties?.taskProperties?.[0];
  const passed = task ? { ...rest, containerProperties: containerProperties(task) } : rest;
  const answer = (await call.moto.call('RegisterJobDefinition', passed)) as RegisterJobDefinitionResponse;
  const { jobDefinitionArn: arn = '', jobDefinitionName: name = '', revision = 0 } = answer;
  call.memory.definitions.set(arn, { arn, name, revision, request, active: true });
  return answer;
}

export async function deregisterJobDefinition(call: BatchCall): Promise<object> {
  const { jobDefinition = '' } = call.request as { jobDefinition?: string };
  const answer = await call.moto.call('DeregisterJobDefinition', { jobDefinition });
  const definition = findDefinition(call.memory, jobDefinition);
  if (definition) definition.active = false;
  return answer as object;
}

export async function describeJobDefinitions(call: BatchCall): Promise<object> {
  const answer = (await call.moto.call(
    'DescribeJobDefinitions',
    call.request as object,
  )) as DescribeJobDefinitionsResponse;
  const jobDefinitions = answer.jobDefinitions?.map((described) => {
    const definition = call.memory.definitions.get(described.jobDefinitionArn ?? '');
    if (!definition) return described;
    const { timeout, platformCapabilities, propagateTags, ecsProperties } = definition.request;
    const { containerProperties: ofMoto, ...rest } = described;
    const properties = ecsProperties ? { ecsProperties } : { containerProperties: ofMoto };
    return { ...rest, ...properties, timeout, platformCapabilities, propagateTags };
  });
  return { ...answer, jobDefinitions };
}

/**
 * By ARN or name, each with or without revision; without, the latest active one. Moto takes no ARN without a revision,
 * and submits to inactive revisions.
 */
export function findDefinition({ definitions }: GapMemory, reference: string): JobDefinition | undefined {
  const found = [...definitions.values()].filter(({ arn, name, revision, active }) => {
    if (reference === arn || reference === `${name}:${revision}`) return true;
    return active && (reference === name || reference === arn.slice(0, arn.lastIndexOf(':')));
  });
  return found.at(-1);
}

/** The one container of a task: moto could not run a second one. */
export function taskContainer(task: EcsTaskProperties): TaskContainerProperties {
  const [container, ...others] = task.containers ?? [];
  if (!container || others.length > 0)
    throw new ClientException('these tests can run one container in a task, neither none nor several');
  return container;
}

function containerProperties(task: EcsTaskProperties): ContainerProperties {
  const { image, command, environment, resourceRequirements, logConfiguration, secrets } =
    taskContainer(task);
  return {
    image,
    command,
    environment,
    resourceRequirements,
    logConfiguration,
    secrets,
    jobRoleArn: task.taskRoleArn,
    executionRoleArn: task.executionRoleArn,
  };
}
