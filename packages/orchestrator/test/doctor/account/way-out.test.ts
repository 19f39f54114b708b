import type { Route, RouteTable, VpcEndpoint } from '@aws-sdk/client-ec2';
import { expect, test } from '@jest/globals';
import { subnetWays, type Way } from '../../../src/doctor/account/way-out.ts';

const SUBNET = { SubnetId: 'subnet-a', VpcId: 'vpc-1' };
const LOCAL: Route = { DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' };
const toAll = (by: Route): Route => ({ DestinationCidrBlock: '0.0.0.0/0', State: 'active', ...by });
const tableOf = (route: Route | undefined): RouteTable => ({
  ...{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', Associations: [{ SubnetId: 'subnet-a' }] },
  Routes: route === undefined ? [LOCAL] : [LOCAL, route],
});

test.each<[string, Route | undefined, boolean, Way]>([
  ['a NAT gateway', toAll({ NatGatewayId: 'nat-1' }), false, 'nat'],
  ['an internet gateway, with a public IP', toAll({ GatewayId: 'igw-1' }), true, 'internet'],
  ['an internet gateway, without one', toAll({ GatewayId: 'igw-1' }), false, 'no public IP'],
  ['a transit gateway', toAll({ TransitGatewayId: 'tgw-1' }), false, 'other'],
  ['an instance', toAll({ NetworkInterfaceId: 'eni-1' }), false, 'other'],
  ['a VPN', toAll({ GatewayId: 'vgw-1' }), false, 'other'],
  ['what is gone', toAll({ NatGatewayId: 'nat-1', State: 'blackhole' }), true, 'none'],
  ['some addresses alone', { DestinationCidrBlock: '10.1.0.0/16', NatGatewayId: 'nat-1' }, true, 'none'],
  ['nowhere', undefined, true, 'none'],
])('the default route leads to %s', (_what, route, hasPublicIp, way) => {
  const parts = { subnets: [SUBNET], routeTables: [tableOf(route)], vpcEndpoints: [] };
  expect(subnetWays(parts, () => hasPublicIp)).toEqual([{ subnetId: 'subnet-a', way, endpoints: new Set() }]);
});

test('a subnet without a route table of its own has the main one of its VPC', () => {
  const main = (VpcId: string, by: Route): RouteTable => ({
    ...{ RouteTableId: `rtb-${VpcId}`, VpcId, Associations: [{ Main: true }], Routes: [toAll(by)] },
  });
  const routeTables = [
    main('vpc-2', { GatewayId: 'igw-2' }),
    main('vpc-1', { NatGatewayId: 'nat-1' }),
    { ...tableOf(toAll({ TransitGatewayId: 'tgw-1' })), Associations: [{ SubnetId: 'subnet-b' }] },
  ];
  const subnets = [SUBNET, { SubnetId: 'subnet-b', VpcId: 'vpc-1' }];
  const ways = subnetWays({ subnets, routeTables, vpcEndpoints: [] }, () => true);
  expect(ways.map(({ way }) => way)).toEqual(['nat', 'other']);
});

const interfaceOf = (service: string, more: Partial<VpcEndpoint> = {}): VpcEndpoint => ({
  ...{ VpcId: 'vpc-1', VpcEndpointType: 'Interface', State: 'Available', PrivateDnsEnabled: true },
  ...{ ServiceName: `com.amazonaws.eu-west-1.${service}`, ...more },
});
const gatewayOf = (tables: string[]): VpcEndpoint =>
  interfaceOf('s3', { VpcEndpointType: 'Gateway', RouteTableIds: tables, PrivateDnsEnabled: false });

test.each<[string, VpcEndpoint, string[]]>([
  ['an interface', interfaceOf('ecr.api'), ['ecr.api']],
  ['in small letters', interfaceOf('logs', { State: 'available' as 'Available' }), ['logs']],
  ['in China', interfaceOf('', { ServiceName: 'cn.com.amazonaws.cn-north-1.ecr.dkr' }), ['ecr.dkr']],
  ['of another VPC', interfaceOf('logs', { VpcId: 'vpc-2' }), []],
  ['one that is being made', interfaceOf('logs', { State: 'Pending' }), []],
  ['one without a private name', interfaceOf('logs', { PrivateDnsEnabled: false }), []],
  ['a gateway of the route table', gatewayOf(['rtb-1']), ['s3']],
  ['a gateway of another one', gatewayOf(['rtb-2']), []],
])('a VPC endpoint: %s', (_what, endpoint, services) => {
  const parts = { subnets: [SUBNET], routeTables: [tableOf(undefined)], vpcEndpoints: [endpoint] };
  expect([...(subnetWays(parts, () => false)[0]?.endpoints ?? [])]).toEqual(services);
});
