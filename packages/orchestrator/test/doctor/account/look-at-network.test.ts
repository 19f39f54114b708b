import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import { expect, test } from '@jest/globals';
import type { AccountApi } from '../../../src/doctor/account/account-api.ts';
import { lookAtNetwork } from '../../../src/doctor/account/look-at-network.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

const environment = (subnets: string[], securityGroupIds: string[]): ComputeEnvironmentDetail => ({
  ...{ computeEnvironmentName: 'e', computeEnvironmentArn: 'arn:e' },
  computeResources: { type: 'EC2', maxvCpus: 1, subnets, securityGroupIds },
});
/** Two VPCs; the subnets come last first. Each VPC has one table for all. */
const api = {
  subnets: (ids) =>
    Promise.resolve(
      ids.toReversed().map((SubnetId) => ({
        ...{ SubnetId, VpcId: SubnetId.slice(0, 1) },
        MapPublicIpOnLaunch: SubnetId === 'a1',
      })),
    ),
  routeTables: ([inVpc, of]) => {
    const VpcId = inVpc?.Values?.[0] ?? '';
    const route = { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1' };
    const main = { RouteTableId: VpcId, VpcId, Associations: [{ Main: true }], Routes: [route] };
    return Promise.resolve(of?.Name === 'association.main' && VpcId === 'a' ? [main] : []);
  },
  vpcEndpoints: () => Promise.resolve([]),
  securityGroups: (ids) => Promise.resolve(ids.map((GroupId) => ({ GroupId, IpPermissionsEgress: [] }))),
} satisfies Partial<AccountApi>;

test('subnets in the order of the environments, each once and by its own VPC; security groups by environment', async () => {
  const environments = [
    ...[environment(['a1', 'b1'], ['sg-1', 'sg-2']), environment(['b1', 'a2'], ['sg-1', 'sg-2'])],
    ...[environment(['a1'], ['sg-3']), environment(['a1'], [])],
  ];
  const networked = { services: ['logs'], registry: undefined, fargate: false, assignsPublicIp: true };
  const lines = (await lookAtNetwork(api, environments, networked)).map(findingLine);
  expect(lines.map((line) => line.split(': ').slice(0, 3).join(': '))).toEqual([
    'ok       network: a1: out through an internet gateway, with public IPs',
    'warning  network: b1: no way to logs',
    'warning  network: a2: no way to logs',
    'FAILED   security groups: sg-1, sg-2: no rule lets HTTPS out (TCP 443)',
    'FAILED   security groups: sg-3: no rule lets HTTPS out (TCP 443)',
  ]);
});
