import type { SecurityGroup } from '@aws-sdk/client-ec2';
import { countOf } from '../../report/figures.ts';
import { finding, ok, type Finding } from '../finding.ts';
import type { SubnetWay, Way } from './way-out.ts';

/** What containers have to reach before and while they work. */
export interface Reached {
  /** Services that VPC endpoints can lead to, by the names that endpoints have: `s3`, `ecr.api`, `logs`. */
  readonly services: readonly string[];
  /** The registry of an image that is not in ECR: no endpoint leads there. */
  readonly registry: string | undefined;
  readonly fargate: boolean;
}

const WAYS = {
  nat: 'out through a NAT gateway',
  internet: 'out through an internet gateway, with public IPs',
  other: 'out by a default route to a gateway or an appliance of another kind',
} as const satisfies Partial<Record<Way, string>>;

/** A line for each way that the subnets of a queue have. One without is no failure where another one has one. */
export function subnetFindings(
  wanted: readonly string[],
  ways: readonly SubnetWay[],
  reached: Reached,
): Finding[] {
  const there = new Set(ways.map(({ subnetId }) => subnetId));
  const gone = wanted.filter((id) => !there.has(id));
  const judged = ways.map((way) => ({ ...way, lacks: lackOf(way, reached) }));
  const without = judged.some(({ lacks }) => lacks.length === 0) ? 'warning' : 'failed';
  const found: Finding[] = [...Map.groupBy(judged, ({ way, lacks }) => [way, ...lacks].join(' '))].map(
    ([, [first, ...others]]) =>
      subnetFinding(
        [first, ...others].flatMap((one) => one?.subnetId ?? []),
        first,
        without,
        reached,
      ),
  );
  const paying = judged.filter(({ way, endpoints }) => way === 'nat' && !endpoints.has('s3'));
  if (paying.length > 0 && reached.services.includes('s3'))
    found.push(
      finding(
        'network',
        'warning',
        `${subnetsText(paying.map(({ subnetId }) => subnetId))}: each byte to and from S3 goes through a NAT gateway, which is charged`,
        'add a gateway endpoint for S3 to their route tables: it costs nothing',
      ),
    );
  if (gone.length > 0)
    found.push(
      finding(
        'network',
        there.size > 0 ? 'warning' : 'failed',
        `${subnetsText(gone)}: not there`,
        'name others in the compute environment',
      ),
    );
  return found;
}

/** What cannot be reached from a subnet. */
function lackOf({ way, endpoints }: SubnetWay, { services, registry }: Reached): string[] {
  if (way in WAYS) return [];
  return [
    ...services.filter((service) => !endpoints.has(service)),
    ...(registry === undefined ? [] : [registry]),
  ];
}

function subnetFinding(
  ids: readonly string[],
  judged: (SubnetWay & { readonly lacks: readonly string[] }) | undefined,
  without: 'warning' | 'failed',
  { fargate, registry, services }: Reached,
): Finding {
  const { way = 'none', lacks = [] } = judged ?? {};
  const subnets = subnetsText(ids);
  if (way === 'nat' || way === 'internet' || way === 'other')
    return ok('network', `${subnets}: ${WAYS[way]}`);
  if (lacks.length === 0) return ok('network', `${subnets}: by VPC endpoints alone (${services.join(', ')})`);
  const to = lacks.join(', ');
  const endpoints = registry === undefined ? `, or VPC endpoints for ${to}` : '';
  if (way === 'none')
    return finding(
      'network',
      without,
      `${subnets}: no way to ${to}: no route out, and no VPC endpoint`,
      `add a NAT gateway${endpoints}`,
    );
  return finding(
    'network',
    without,
    `${subnets}: no way to ${to}: their route leads to an internet gateway, and containers get no public IP`,
    fargate
      ? `set networkConfiguration.assignPublicIp: ENABLED in the job definition, or add a NAT gateway${endpoints}`
      : `let the subnets give public IPs (MapPublicIpOnLaunch), or add a NAT gateway${endpoints}`,
  );
}

/** The first few stand for all. */
function subnetsText(ids: readonly string[]): string {
  const SHOWN = 3;
  if (ids.length <= SHOWN) return ids.join(', ');
  return `${countOf(ids.length, 'subnet')} (${ids.slice(0, SHOWN).join(', ')}, …)`;
}

const HTTPS = 443;

/**
 * Whether the security groups of one environment let containers out: what any of them lets out goes out.
 *
 * | HTTPS goes to             | then                                     |
 * |---------------------------|------------------------------------------|
 * | any address               | ok                                       |
 * | some addresses or groups  | unknown: whether they are those it takes |
 * | nothing                   | failed                                   |
 */
export function securityGroupFindings(
  wanted: readonly string[],
  groups: readonly SecurityGroup[],
): Finding[] {
  const names = wanted.join(', ');
  const gone = wanted.filter((id) => !groups.some(({ GroupId }) => GroupId === id));
  if (gone.length > 0)
    return [
      finding(
        'security groups',
        'failed',
        `${gone.join(', ')}: not there`,
        'name others in the compute environment',
      ),
    ];
  const rules = groups
    .flatMap(({ IpPermissionsEgress = [] }) => IpPermissionsEgress)
    .filter(
      ({ IpProtocol, FromPort = 0, ToPort = 65_535 }) =>
        IpProtocol === '-1' || (IpProtocol === 'tcp' && FromPort <= HTTPS && ToPort >= HTTPS),
    );
  const to = rules.flatMap(({ IpRanges = [], PrefixListIds = [], UserIdGroupPairs = [] }) => [
    ...IpRanges.flatMap(({ CidrIp }) => CidrIp ?? []),
    ...PrefixListIds.flatMap(({ PrefixListId }) => PrefixListId ?? []),
    ...UserIdGroupPairs.flatMap(({ GroupId }) => GroupId ?? []),
  ]);
  if (to.includes('0.0.0.0/0')) return [ok('security groups', `${names}: HTTPS goes out to any address`)];
  return [
    to.length === 0
      ? finding(
          'security groups',
          'failed',
          `${names}: no rule lets HTTPS out (TCP 443)`,
          'add an outbound rule for it to 0.0.0.0/0, or to the VPC endpoints',
        )
      : finding(
          'security groups',
          'unknown',
          `${names}: HTTPS goes out to ${to.join(', ')} only`,
          'see that the registry of the image, S3 and CloudWatch Logs are among them',
        ),
  ];
}
