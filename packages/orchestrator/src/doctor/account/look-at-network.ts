import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import type { RouteTable, VpcEndpoint } from '@aws-sdk/client-ec2';
import { isDenied } from '../../backend/aws-batch/batch-errors.ts';
import { tellable, type Finding } from '../finding.ts';
import type { AccountApi } from './account-api.ts';
import { securityGroupFindings, subnetFindings, type Reached } from './network-findings.ts';
import { subnetWays } from './way-out.ts';

type Asked = Pick<AccountApi, 'subnets' | 'routeTables' | 'vpcEndpoints' | 'securityGroups'>;

/** What containers have, and have to reach. */
export interface Networked extends Reached {
  /** By the job definition: of Fargate's. */
  readonly assignsPublicIp: boolean;
}

/** The ways out of the subnets of some compute environments, and what their security groups let out. */
export async function lookAtNetwork(
  api: Asked,
  environments: readonly ComputeEnvironmentDetail[],
  networked: Networked,
): Promise<Finding[]> {
  const { fargate, assignsPublicIp } = networked;
  const wanted = [
    ...new Set(environments.flatMap(({ computeResources }) => computeResources?.subnets ?? [])),
  ];
  const sets = new Map(
    environments
      .map(({ computeResources }) => computeResources?.securityGroupIds ?? [])
      .filter((ids) => ids.length > 0)
      .map((ids) => [ids.join(), ids]),
  );
  const parts = 'ec2:DescribeSubnets, ec2:DescribeRouteTables and ec2:DescribeVpcEndpoints';
  const ofSubnets = await tellable('network', parts, isDenied, async () => {
    if (wanted.length === 0) return [];
    const found = await api.subnets(wanted);
    // The service has an order of its own, which changes.
    const subnets = wanted.flatMap((id) => found.find(({ SubnetId }) => SubnetId === id) ?? []);
    const routeTables: RouteTable[] = [];
    const vpcEndpoints: VpcEndpoint[] = [];
    for (const vpc of new Set(subnets.flatMap(({ VpcId }) => VpcId ?? []))) {
      const inVpc = { Name: 'vpc-id', Values: [vpc] };
      routeTables.push(
        ...(await api.routeTables([inVpc, { Name: 'association.subnet-id', Values: wanted }])),
        ...(await api.routeTables([inVpc, { Name: 'association.main', Values: ['true'] }])),
      );
      vpcEndpoints.push(...(await api.vpcEndpoints(vpc)));
    }
    const ways = subnetWays({ subnets, routeTables, vpcEndpoints }, ({ MapPublicIpOnLaunch }) =>
      fargate ? assignsPublicIp : MapPublicIpOnLaunch === true,
    );
    return subnetFindings(wanted, ways, networked);
  });
  const found = [...ofSubnets];
  for (const ids of sets.values())
    found.push(
      ...(await tellable('security groups', 'ec2:DescribeSecurityGroups', isDenied, async () =>
        securityGroupFindings(ids, await api.securityGroups(ids)),
      )),
    );
  return found;
}
