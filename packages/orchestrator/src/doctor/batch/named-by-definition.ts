import type { JobDefinition } from '@aws-sdk/client-batch';
import { factsOfDefinition } from '../../backend/aws-batch/job-definition.ts';
import type { AccountApi } from '../account/account-api.ts';
import { ecrImage } from '../account/image-reference.ts';
import { lookAtImage } from '../account/look-at-image.ts';
import type { Networked } from '../account/look-at-network.ts';
import { accountOf, lookAtRole } from '../account/look-at-roles.ts';
import { isSecretsManager, neededOfExecutionRole, neededOfJobRole } from '../account/needed-grants.ts';
import type { CheckupSpec } from '../checkup-spec.ts';
import type { Finding } from '../finding.ts';
import { containerFacts } from './container-facts.ts';

/** The roles and the image of a definition. */
export async function lookAtWhatItNames(
  account: AccountApi,
  definition: JobDefinition,
  spec: Pick<CheckupSpec, 'source' | 'output'>,
): Promise<Finding[]> {
  const container = containerFacts(definition);
  const { executionRole, jobRole, image } = container;
  const { arn: definitionArn, fargate, architecture, logGroup } = factsOfDefinition(definition);
  const region = definitionArn.split(':')[3] ?? '';
  const found: Finding[] = [];
  if (executionRole !== undefined) {
    const needed = neededOfExecutionRole(container, logGroup, accountOf(executionRole, region));
    found.push(...(await lookAtRole(account, { check: 'execution role', arn: executionRole, needed })));
  }
  if (jobRole !== undefined) {
    const needed = neededOfJobRole(spec, accountOf(jobRole, region));
    found.push(...(await lookAtRole(account, { check: 'job role', arn: jobRole, needed })));
  }
  const wanted = architecture === 'arm64' ? 'ARM64' : 'X86_64';
  if (image !== undefined && image !== '')
    found.push(...(await lookAtImage(account, image, fargate ? wanted : undefined)));
  return found;
}

/** What containers by a definition have to reach, and what they have for it. */
export function networkedBy(definition: JobDefinition, usesS3: boolean): Networked {
  const { image = '', secrets, assignsPublicIp } = containerFacts(definition);
  const { fargate, logGroup } = factsOfDefinition(definition);
  const inEcr = ecrImage(image) !== undefined;
  const services = [
    ...(inEcr ? ['ecr.api', 'ecr.dkr'] : []),
    // ECR keeps the layers of its images there.
    ...(inEcr || usesS3 ? ['s3'] : []),
    ...(logGroup === undefined ? [] : ['logs']),
    ...(secrets.some(isSecretsManager) ? ['secretsmanager'] : []),
    ...(secrets.some((secret) => !isSecretsManager(secret)) ? ['ssm'] : []),
  ];
  return {
    ...{ services, fargate, assignsPublicIp },
    registry: inEcr || image === '' ? undefined : `the registry of ${image}`,
  };
}
