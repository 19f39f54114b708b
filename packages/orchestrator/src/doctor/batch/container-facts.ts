import type { JobDefinition, ResourceRequirement } from '@aws-sdk/client-batch';

/** What a definition by either kind of properties says of its one container. */
export interface ContainerFacts {
  readonly image: string | undefined;
  readonly executionRole: string | undefined;
  readonly jobRole: string | undefined;
  readonly resources: readonly ResourceRequirement[];
  readonly logDriver: string | undefined;
  /** Of its log driver. */
  readonly logOptions: Readonly<Record<string, string>>;
  /** ARNs in Secrets Manager, ARNs or names of parameters: what is fetched before the container starts. */
  readonly secrets: readonly string[];
  /** Of Fargate's own network interface. */
  readonly assignsPublicIp: boolean;
}

/** The facts of the container that a worker runs in. */
export function containerFacts({ containerProperties, ecsProperties }: JobDefinition): ContainerFacts {
  const task = ecsProperties?.taskProperties?.[0];
  const container =
    containerProperties ?? task?.containers?.find(({ essential }) => essential !== false) ?? {};
  const credentials = container.repositoryCredentials?.credentialsParameter;
  return {
    image: container.image,
    executionRole: containerProperties?.executionRoleArn ?? task?.executionRoleArn,
    jobRole: containerProperties?.jobRoleArn ?? task?.taskRoleArn,
    resources: container.resourceRequirements ?? [],
    logDriver: container.logConfiguration?.logDriver,
    logOptions: container.logConfiguration?.options ?? {},
    secrets: [
      ...(container.secrets ?? []).flatMap(({ valueFrom }) => valueFrom ?? []),
      ...(credentials === undefined ? [] : [credentials]),
    ],
    assignsPublicIp: (containerProperties ?? task)?.networkConfiguration?.assignPublicIp === 'ENABLED',
  };
}
