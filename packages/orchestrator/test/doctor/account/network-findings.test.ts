import type { IpPermission } from '@aws-sdk/client-ec2';
import { describe, expect, test } from '@jest/globals';
import {
  securityGroupFindings,
  subnetFindings,
  type Reached,
} from '../../../src/doctor/account/network-findings.ts';
import type { SubnetWay, Way } from '../../../src/doctor/account/way-out.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

const ALL = ['ecr.api', 'ecr.dkr', 's3', 'logs'];
const REACHED: Reached = { services: ALL, registry: undefined, fargate: true };
const ELSEWHERE: Reached = { services: ['s3', 'logs'], registry: 'the registry of w:1', fargate: true };
const subnet = (subnetId: string, way: Way, ...endpoints: string[]): SubnetWay => ({
  ...{ subnetId, way, endpoints: new Set(endpoints) },
});

describe('subnets', () => {
  test.each<[string, SubnetWay[], Reached, string[]]>([
    [
      'a NAT gateway, and S3 besides it',
      [subnet('a', 'nat', 's3'), subnet('b', 'nat', 's3')],
      REACHED,
      ['ok       network: a, b: out through a NAT gateway'],
    ],
    [
      'S3 through a NAT gateway',
      [subnet('a', 'nat')],
      REACHED,
      [
        'ok       network: a: out through a NAT gateway',
        'warning  network: a: each byte to and from S3 goes through a NAT gateway, which is charged: add a gateway endpoint for S3 to their route tables: it costs nothing',
      ],
    ],
    [
      'a NAT gateway, and nothing in S3',
      [subnet('a', 'nat')],
      { ...REACHED, services: ['logs'] },
      ['ok       network: a: out through a NAT gateway'],
    ],
    [
      'public IPs',
      [subnet('a', 'internet')],
      REACHED,
      ['ok       network: a: out through an internet gateway, with public IPs'],
    ],
    [
      'another way, which is believed',
      [subnet('a', 'other')],
      ELSEWHERE,
      ['ok       network: a: out by a default route to a gateway or an appliance of another kind'],
    ],
    [
      'endpoints alone',
      [subnet('a', 'none', ...ALL, 'sts')],
      REACHED,
      ['ok       network: a: by VPC endpoints alone (ecr.api, ecr.dkr, s3, logs)'],
    ],
    [
      'endpoints, but not all',
      [subnet('a', 'none', 'ecr.api', 's3')],
      REACHED,
      [
        'FAILED   network: a: no way to ecr.dkr, logs: no route out, and no VPC endpoint: add a NAT gateway, or VPC endpoints for ecr.dkr, logs',
      ],
    ],
    [
      'an image of another registry, to which no endpoint leads',
      [subnet('a', 'none', ...ALL)],
      ELSEWHERE,
      [
        'FAILED   network: a: no way to the registry of w:1: no route out, and no VPC endpoint: add a NAT gateway',
      ],
    ],
    [
      'no public IPs on Fargate',
      [subnet('a', 'no public IP', 's3')],
      REACHED,
      [
        'FAILED   network: a: no way to ecr.api, ecr.dkr, logs: their route leads to an internet gateway, and containers get no public IP: set networkConfiguration.assignPublicIp: ENABLED in the job definition, or add a NAT gateway, or VPC endpoints for ecr.api, ecr.dkr, logs',
      ],
    ],
    [
      'no public IPs on EC2',
      [subnet('a', 'no public IP')],
      { ...ELSEWHERE, fargate: false },
      [
        'FAILED   network: a: no way to s3, logs, the registry of w:1: their route leads to an internet gateway, and containers get no public IP: let the subnets give public IPs (MapPublicIpOnLaunch), or add a NAT gateway',
      ],
    ],
    [
      'public subnets without public IPs, but with endpoints',
      [subnet('a', 'no public IP', ...ALL)],
      REACHED,
      ['ok       network: a: by VPC endpoints alone (ecr.api, ecr.dkr, s3, logs)'],
    ],
    [
      'one that is well among others: a warning',
      [subnet('a', 'nat', 's3'), subnet('b', 'none'), subnet('c', 'none')],
      { ...REACHED, services: ['s3'] },
      [
        'ok       network: a: out through a NAT gateway',
        'warning  network: b, c: no way to s3: no route out, and no VPC endpoint: add a NAT gateway, or VPC endpoints for s3',
      ],
    ],
    [
      'many',
      ['a', 'b', 'c', 'd'].map((id) => subnet(id, 'internet')),
      REACHED,
      ['ok       network: 4 subnets (a, b, c, …): out through an internet gateway, with public IPs'],
    ],
  ])('%s', (_what, ways, reached, lines) => {
    const wanted = ways.map(({ subnetId }) => subnetId);
    expect(subnetFindings(wanted, ways, reached).map(findingLine)).toEqual(lines);
  });

  test.each<[string, SubnetWay[], 'warning' | 'failed']>([
    ['one of two', [subnet('a', 'internet')], 'warning'],
    ['all', [], 'failed'],
  ])('that are gone: %s', (_what, ways, state) => {
    const found = subnetFindings(['a', 'z'], ways, REACHED).filter(({ state: is }) => is !== 'ok');
    expect(found).toEqual([
      expect.objectContaining({ state, message: expect.stringMatching(/z: not there$/) }),
    ]);
  });
});

describe('security groups', () => {
  const ANY = { IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  test.each<[string, IpPermission[], string]>([
    [
      'all of it',
      [{ IpProtocol: '-1', ...ANY }],
      'ok       security groups: sg: HTTPS goes out to any address',
    ],
    [
      'HTTPS',
      [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, ...ANY }],
      'ok       security groups: sg: HTTPS goes out to any address',
    ],
    [
      'a range',
      [{ IpProtocol: 'tcp', FromPort: 0, ToPort: 1024, ...ANY }],
      'ok       security groups: sg: HTTPS goes out to any address',
    ],
    [
      'other ports',
      [
        { IpProtocol: 'tcp', FromPort: 80, ToPort: 442, ...ANY },
        { IpProtocol: 'tcp', FromPort: 444, ToPort: 500, ...ANY },
        { IpProtocol: 'udp', FromPort: 443, ToPort: 443, ...ANY },
      ],
      'FAILED   security groups: sg: no rule lets HTTPS out (TCP 443): add an outbound rule for it to 0.0.0.0/0, or to the VPC endpoints',
    ],
    [
      'nothing',
      [],
      'FAILED   security groups: sg: no rule lets HTTPS out (TCP 443): add an outbound rule for it to 0.0.0.0/0, or to the VPC endpoints',
    ],
    [
      'some addresses',
      [
        { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, IpRanges: [{ CidrIp: '10.0.0.0/16' }] },
        {
          IpProtocol: '-1',
          PrefixListIds: [{ PrefixListId: 'pl-1' }],
          UserIdGroupPairs: [{ GroupId: 'sg-2' }],
        },
      ],
      'unknown  security groups: sg: HTTPS goes out to 10.0.0.0/16, pl-1, sg-2 only: see that the registry of the image, S3 and CloudWatch Logs are among them',
    ],
  ])('let out %s', (_what, IpPermissionsEgress, line) => {
    const found = securityGroupFindings(['sg'], [{ GroupId: 'sg', IpPermissionsEgress }]);
    expect(found.map(findingLine)).toEqual([line]);
  });

  test('what any of them lets out goes out', () => {
    const groups = [
      { GroupId: 'a', IpPermissionsEgress: [] },
      { GroupId: 'b', IpPermissionsEgress: [{ IpProtocol: '-1', ...ANY }] },
    ];
    expect(securityGroupFindings(['a', 'b'], groups).map(({ state }) => state)).toEqual(['ok']);
  });

  test('one that is gone', () => {
    expect(securityGroupFindings(['a', 'b'], [{ GroupId: 'a' }]).map(findingLine)).toEqual([
      'FAILED   security groups: b: not there: name others in the compute environment',
    ]);
  });
});
