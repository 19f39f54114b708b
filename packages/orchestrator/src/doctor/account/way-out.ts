import type { RouteTable, Subnet, VpcEndpoint } from '@aws-sdk/client-ec2';

/**
 * How containers in a subnet reach what lies outside of its VPC:
 *
 * | default route leads to          | containers have a public IP | way             |
 * |---------------------------------|-----------------------------|-----------------|
 * | a NAT gateway                   | any                         | `nat`           |
 * | an internet gateway             | yes                         | `internet`      |
 * | an internet gateway             | no                          | `no public IP`  |
 * | all else (transit, appliance …) | any                         | `other`         |
 * | nothing, or what is gone        | any                         | `none`          |
 */
export type Way = 'nat' | 'internet' | 'no public IP' | 'other' | 'none';

/** A subnet, by its way and the services that it reaches without one. */
export interface SubnetWay {
  readonly subnetId: string;
  readonly way: Way;
  /** Short names of services that VPC endpoints lead to: `s3`, `ecr.api`, `logs`. */
  readonly endpoints: ReadonlySet<string>;
}

/** All that lies in the VPCs of some subnets. */
export interface NetworkParts {
  readonly subnets: readonly Subnet[];
  /** Those of the subnets, and the main ones of their VPCs. */
  readonly routeTables: readonly RouteTable[];
  readonly vpcEndpoints: readonly VpcEndpoint[];
}

/**
 * The way of each subnet.
 *
 * @param givesPublicIp whether containers there get a public IP
 */
export function subnetWays(parts: NetworkParts, givesPublicIp: (subnet: Subnet) => boolean): SubnetWay[] {
  return parts.subnets.map((subnet) => {
    const table = tableOf(subnet, parts.routeTables);
    return {
      subnetId: subnet.SubnetId ?? '',
      way: wayBy(table, givesPublicIp(subnet)),
      endpoints: new Set(
        parts.vpcEndpoints.filter((endpoint) => leadsFrom(endpoint, subnet, table)).flatMap(serviceOf),
      ),
    };
  });
}

/** Its own, or the main one of its VPC. */
function tableOf({ SubnetId, VpcId }: Subnet, tables: readonly RouteTable[]): RouteTable | undefined {
  return (
    tables.find(({ Associations = [] }) => Associations.some((of) => of.SubnetId === SubnetId)) ??
    tables.find(
      (table) => table.VpcId === VpcId && (table.Associations ?? []).some(({ Main }) => Main === true),
    )
  );
}

function wayBy(table: RouteTable | undefined, hasPublicIp: boolean): Way {
  const route = (table?.Routes ?? []).find(
    ({ DestinationCidrBlock, State }) => DestinationCidrBlock === '0.0.0.0/0' && State !== 'blackhole',
  );
  if (route === undefined) return 'none';
  if (route.NatGatewayId !== undefined) return 'nat';
  if (route.GatewayId?.startsWith('igw-') === true) return hasPublicIp ? 'internet' : 'no public IP';
  return 'other';
}

/** A gateway endpoint serves route tables, an interface endpoint by its private name the whole VPC. */
function leadsFrom(endpoint: VpcEndpoint, { VpcId }: Subnet, table: RouteTable | undefined): boolean {
  const { VpcEndpointType, State, RouteTableIds = [], PrivateDnsEnabled } = endpoint;
  if (endpoint.VpcId !== VpcId || State?.toLowerCase() !== 'available') return false;
  if (VpcEndpointType === 'Gateway')
    return table?.RouteTableId !== undefined && RouteTableIds.includes(table.RouteTableId);
  return VpcEndpointType === 'Interface' && PrivateDnsEnabled === true;
}

/** `com.amazonaws.us-east-1.ecr.api` → `ecr.api`; `cn.com.amazonaws…` likewise. */
const serviceOf = ({ ServiceName }: VpcEndpoint): string[] => {
  const service = ServiceName?.replace(/^(?:cn\.)?com\.amazonaws\.[^.]+\./, '');
  return service === undefined ? [] : [service];
};
