import { unsignedFor } from './test-credentials.ts';

/** Calls a service that speaks AWS's older query protocol: a form in, XML out. */
async function query(
  endpoint: string,
  service: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { authorization: unsignedFor(service) },
    body: new URLSearchParams(parameters),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${service} ${parameters['Action'] ?? ''}: ${text}`);
  return text;
}

function textsOf(xml: string, element: string): string[] {
  return [...xml.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, 'g'))].flatMap(
    ([, text]) => text ?? [],
  );
}

/** An IAM role that containers and Batch may take; gives its ARN. */
export async function createRole(endpoint: string, name: string): Promise<string> {
  const trust = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: ['batch.amazonaws.com', 'ecs-tasks.amazonaws.com'] },
        Action: 'sts:AssumeRole',
      },
    ],
  };
  const xml = await query(endpoint, 'iam', {
    Action: 'CreateRole',
    Version: '2010-05-08',
    RoleName: name,
    AssumeRolePolicyDocument: JSON.stringify(trust),
  });
  const [arn] = textsOf(xml, 'Arn');
  if (arn === undefined) throw new Error(`CreateRole gave no ARN: ${xml}`);
  return arn;
}

/** Where containers run. */
export interface Network {
  readonly subnets: string[];
  readonly securityGroupIds: string[];
}

/** The subnets and the security group of the default VPC. */
export async function defaultNetwork(endpoint: string): Promise<Network> {
  const ec2 = (Action: string): Promise<string> => query(endpoint, 'ec2', { Action, Version: '2016-11-15' });
  const [subnets, groups] = await Promise.all([ec2('DescribeSubnets'), ec2('DescribeSecurityGroups')]);
  return {
    subnets: [...new Set(textsOf(subnets, 'subnetId'))],
    securityGroupIds: [...new Set(textsOf(groups, 'groupId'))].slice(0, 1),
  };
}
