import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateComputeEnvironmentCommand,
  CreateJobQueueCommand,
  RegisterJobDefinitionCommand,
  SubmitJobCommand,
  TerminateJobCommand,
  UpdateComputeEnvironmentCommand,
  UpdateJobQueueCommand,
  type ContainerProperties,
} from '@aws-sdk/client-batch';
import {
  AllocateAddressCommand,
  CreateInternetGatewayCommand,
  CreateNatGatewayCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcEndpointCommand,
  AssociateRouteTableCommand,
  AttachInternetGatewayCommand,
  DeleteSubnetCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  S3Client,
  type LifecycleRule,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Ended } from '../winnow.ts';
import { BUCKET, startCloud, type Cloud } from './cloud.ts';

const IMAGE = 'winnow/worker:1';
const ROLE = 'arn:aws:iam::123456789012:role/winnow-role';
const ABORT: LifecycleRule = {
  ...{ ID: 'leftovers', Status: 'Enabled', Filter: { Prefix: '' } },
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
};

let cloud: Cloud;
let s3: S3Client;
let ec2: EC2Client;
let ecr: ECRClient;
let iam: IAMClient;
let vpc: string;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'winnow-test-'));
  // Containers that last, two at once: others wait.
  cloud = await startCloud({
    images: { [IMAGE]: { argv: [process.execPath, '-e', 'setTimeout(() => {}, 600_000)'] } },
    parallel: 2,
    graceSeconds: 1,
  });
  const { AWS_REGION: region = '', AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '' } = cloud.environment;
  const credentials = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  const config = { endpoint: cloud.aws.steadyEndpoint, region, credentials };
  s3 = new S3Client({ ...config, forcePathStyle: true });
  [ec2, ecr, iam] = [new EC2Client(config), new ECRClient(config), new IAMClient(config)];
  vpc = await openNetwork();
  await lifecycle(BUCKET, [ABORT]);
  await cloud.objects.put('in/a.ndjson', '{"id":1}\n');
});
afterAll(async () => {
  for (const client of [s3, ec2, ecr, iam]) client.destroy();
  await cloud.stop();
  await rm(folder, { recursive: true, force: true });
});
/** A probe leaves nothing, whatever was found. */
afterEach(async () => expect(await cloud.objects.keys('out/')).toEqual([]));

/** Gives the default VPC a NAT gateway and a way of its own to S3, as a stack would; moto's has none. */
async function openNetwork(): Promise<string> {
  const { RouteTables: [main] = [] } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: 'association.main', Values: ['true'] }] }),
  );
  const [VpcId, RouteTableId = ''] = [main?.VpcId ?? '', main?.RouteTableId];
  const SubnetId = await makeSubnet(VpcId, 250);
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc' }));
  const { NatGateway } = await ec2.send(new CreateNatGatewayCommand({ SubnetId, AllocationId }));
  const NatGatewayId = NatGateway?.NatGatewayId;
  await ec2.send(new CreateRouteCommand({ RouteTableId, NatGatewayId, DestinationCidrBlock: '0.0.0.0/0' }));
  await ec2.send(
    new CreateVpcEndpointCommand({
      ...{ VpcId, VpcEndpointType: 'Gateway', RouteTableIds: [RouteTableId] },
      ServiceName: 'com.amazonaws.us-east-1.s3',
    }),
  );
  return VpcId;
}

/** Of 16 addresses, the n-th of the VPC's last such blocks. */
async function makeSubnet(VpcId: string, n: number): Promise<string> {
  const CidrBlock = `172.31.${n}.0/28`;
  const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock }));
  return Subnet?.SubnetId ?? '';
}

/** A queue whose one environment is made of these. */
async function makeQueue(name: string, subnets: string[], securityGroupIds: string[]): Promise<void> {
  const { computeEnvironmentArn } = await cloud.batch.send(
    new CreateComputeEnvironmentCommand({
      ...{ computeEnvironmentName: `${name}-environment`, type: 'MANAGED', state: 'ENABLED' },
      serviceRole: ROLE,
      computeResources: { type: 'FARGATE', maxvCpus: 16, subnets, securityGroupIds },
    }),
  );
  await cloud.batch.send(
    new CreateJobQueueCommand({
      ...{ jobQueueName: name, state: 'ENABLED', priority: 1 },
      computeEnvironmentOrder: [{ order: 1, computeEnvironment: computeEnvironmentArn }],
    }),
  );
}

async function define(jobDefinitionName: string, more: ContainerProperties = {}): Promise<void> {
  await cloud.batch.send(
    new RegisterJobDefinitionCommand({
      ...{ jobDefinitionName, type: 'container', platformCapabilities: ['FARGATE'] },
      containerProperties: {
        ...{ image: IMAGE, executionRoleArn: ROLE, jobRoleArn: ROLE },
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '2048' },
        ],
        ...more,
      },
    }),
  );
}

const lifecycle = async (Bucket: string, Rules: LifecycleRule[]): Promise<void> => {
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
};

const doctor = (...words: string[]): Promise<Ended> => cloud.winnow(['doctor', ...words], folder);
const onBatch = (more: Record<string, string> = {}): Promise<Ended> => {
  const flags = {
    backend: 'aws-batch',
    queue: cloud.prepared.jobQueue,
    'job-definition': cloud.prepared.jobDefinition,
    ...more,
  };
  return doctor(...Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]));
};

/** Without the line of Node's version. */
const linesOf = ({ stdout }: Ended): string[] => stdout.trimEnd().split('\n').slice(1);
/** What moto has nothing for, and says so: policies, quotas, registries but ECR. */
const NOT_TOLD = /^unknown {2}(?:(?:execution|job) role grants|quota|image):/;
const notOk = (ended: Ended): string[] =>
  linesOf(ended).filter((line) => !line.startsWith('ok ') && !NOT_TOLD.test(line));

const DEFINITION = [
  'ok       job definition: winnow-container:1 is active; its image is winnow/worker:1',
  'ok       size: jobs get 1 vCPU and 2048 MiB, more where a unit needs it',
  'ok       retries: each job of a run brings its rules; a job that you submit by it yourself is tried once',
  'ok       timeout: 14400 s an attempt (--timeout-seconds)',
  'ok       stop time: 30 s for the last commit; only ecsProperties can have more (stopTimeout)',
  'ok       logs: CloudWatch, /aws/batch/job',
  'ok       execution role: winnow-role is there, and ecs-tasks.amazonaws.com may assume it',
  'unknown  execution role grants: AWS IAM SimulatePrincipalPolicy: its answer (500) cannot be read: the server may not have this call',
  'ok       job role: winnow-role is there, and ecs-tasks.amazonaws.com may assume it',
  'unknown  job role grants: AWS IAM SimulatePrincipalPolicy: its answer (500) cannot be read: the server may not have this call',
  'unknown  image: winnow/worker:1 is in no registry of Amazon ECR, and no other one is looked at: see that it is there, and that its registry can be reached from the subnets',
];
const CREDENTIALS = 'ok       credentials: arn:aws:sts::123456789012:user/moto of the account 123456789012';
const QUEUE = [
  'ok       queue: winnow-spot is enabled and valid',
  'ok       compute environment: winnow-spot-environment: FARGATE_SPOT, at most 256 vCPUs',
  'ok       room: 256 containers of 1 vCPU and 2048 MiB at once',
  'unknown  quota: AWS tells none for Fargate Spot vCPU resource count (L-36FBB829): look at it in Service Quotas',
  expect.stringMatching(
    /^ok {7}network: 6 subnets \(subnet-\w+, subnet-\w+, subnet-\w+, …\): out through a NAT gateway$/,
  ),
  expect.stringMatching(/^ok {7}security groups: sg-\w+: HTTPS goes out to any address$/),
  'ok       runnable jobs: no job of winnow-spot waits for a place',
];
const OUTPUT = [
  'ok       output: s3://lake/out can be listed; its bucket lies in us-east-1',
  'ok       If-None-Match: an object that is there is not created again',
  'ok       If-Match: only the version that is expected is replaced',
  'ok       multipart leftovers: a lifecycle rule removes them after 1 day(s)',
  'ok       versions: the bucket keeps none',
];

test('all well: a line for each thing', async () => {
  const ended = await onBatch({ source: 's3://lake/in', output: 's3://lake/out' });
  expect(linesOf(ended)).toEqual([
    CREDENTIALS,
    'ok       source: prefix s3://lake/in can be listed, and its first input a.ndjson be read',
    ...OUTPUT,
    ...DEFINITION,
    ...QUEUE,
  ]);
  expect([ended.code, ended.stderr]).toEqual([0, '']);
});

test('a definition by ecsProperties, and a fallback queue', async () => {
  const ended = await onBatch({
    'job-definition': cloud.prepared.ecsJobDefinition,
    'fallback-queue': cloud.prepared.fallbackQueue,
  });
  expect([ended.code, notOk(ended)]).toEqual([0, []]);
  expect(linesOf(ended)).toContain(
    'ok       job definition: winnow-ecs:1 is active; its image is winnow/worker:1',
  );
  expect(linesOf(ended)).toContain('ok       stop time: 120 s for the last commit');
  expect(linesOf(ended)).toContain('ok       fallback queue: winnow-on-demand is enabled and valid');
});

test('a queue and a definition that are not there: a line each', async () => {
  const ended = await onBatch({ queue: 'none', 'job-definition': 'none' });
  expect(linesOf(ended)).toEqual([
    CREDENTIALS,
    'FAILED   job definition: --job-definition must name an active job definition, none is none: check the name, its revision and the region',
    'FAILED   queue: --queue must name a job queue, none is none: check the name and the region',
  ]);
  expect(ended.code).toBe(1);
});

test('a bucket that is not there', async () => {
  const ended = await doctor('--source', 's3://nobodys/in', '--output', 's3://nobodys/out');
  expect(notOk(ended)).toEqual([
    'FAILED   source: s3://nobodys/in: there is no such bucket: check its name and the region and account of your credentials',
    'FAILED   output: s3://nobodys/out: there is no such bucket: check its name and the region and account of your credentials',
  ]);
  expect(ended.code).toBe(1);
});

test('a bucket without a rule for leftovers, with one that expires, and with versions', async () => {
  await s3.send(new CreateBucketCommand({ Bucket: 'pond' }));
  const bare = await doctor('--output', 's3://pond/out');
  expect([bare.code, notOk(bare)]).toEqual([
    0,
    [
      'warning  multipart leftovers: no lifecycle rule removes what uploads that were killed have left: add a rule for the prefix with AbortIncompleteMultipartUpload: {DaysAfterInitiation: 1}; a closed run removes its own',
    ],
  ]);
  await lifecycle('pond', [
    ABORT,
    { ...{ ID: 'old', Status: 'Enabled', Filter: { Prefix: 'out/' } }, Expiration: { Days: 30 } },
  ]);
  await s3.send(
    new PutBucketVersioningCommand({ Bucket: 'pond', VersioningConfiguration: { Status: 'Enabled' } }),
  );
  const kept = await doctor('--output', 's3://pond/out');
  expect(notOk(kept)).toEqual([
    'warning  expiry: lifecycle rules remove objects of the output: old: leave its prefix out of them: a run whose receipts go cannot be gone on with',
  ]);
  expect(linesOf(kept).at(-1)).toContain('ok       versions: the bucket keeps them');
});

test('a bucket in another region than the queue', async () => {
  await s3.send(
    new CreateBucketCommand({
      Bucket: 'far-away',
      CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' },
    }),
  );
  await lifecycle('far-away', [ABORT]);
  const ended = await onBatch({ source: 's3://lake/in', output: 's3://far-away/out' });
  expect([ended.code, notOk(ended)]).toEqual([
    0,
    [
      'warning  region: the bucket of s3://far-away/out lies in eu-west-1, the queue winnow-spot in us-east-1: each byte between them is charged: use a queue in eu-west-1',
    ],
  ]);
});

test('a queue and a compute environment that are disabled, and more at once than there is room for', async () => {
  const { batch } = cloud;
  const crowded = await onBatch({ 'max-running': '300' });
  expect([crowded.code, notOk(crowded)]).toEqual([
    0,
    [
      'warning  room: --max-running 300 is more than maxvCpus have room for: 256 containers of 1 vCPU and 2048 MiB at once: raise maxvCpus; the others wait for their turn',
    ],
  ]);
  const computeEnvironment = 'winnow-on-demand-environment';
  await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state: 'DISABLED' }));
  const jobQueueName = 'of-disabled';
  await batch.send(
    new CreateJobQueueCommand({
      ...{ jobQueueName, state: 'ENABLED', priority: 1 },
      computeEnvironmentOrder: [{ order: 1, computeEnvironment }],
    }),
  );
  const closed = await onBatch({ queue: jobQueueName });
  expect([closed.code, notOk(closed)]).toEqual([
    1,
    ['FAILED   compute environment: winnow-on-demand-environment is disabled: it takes no jobs: enable it'],
  ]);
  await batch.send(new UpdateComputeEnvironmentCommand({ computeEnvironment, state: 'ENABLED' }));
  await batch.send(new UpdateJobQueueCommand({ jobQueue: jobQueueName, state: 'DISABLED' }));
  expect(notOk(await onBatch({ queue: jobQueueName }))).toEqual([
    'FAILED   queue: the job queue of-disabled is disabled: it takes no jobs: enable it',
  ]);
});

test('a definition without a job role, with rules of its own that give up too early', async () => {
  await cloud.batch.send(
    new RegisterJobDefinitionCommand({
      ...{ jobDefinitionName: 'bare', type: 'container', platformCapabilities: ['FARGATE'] },
      containerProperties: {
        image: IMAGE,
        executionRoleArn: ROLE,
        resourceRequirements: [
          { type: 'VCPU', value: '1' },
          { type: 'MEMORY', value: '2048' },
        ],
      },
      retryStrategy: {
        attempts: 3,
        evaluateOnExit: [
          { onStatusReason: 'Host EC2*', action: 'RETRY' },
          { onReason: '*', action: 'EXIT' },
        ],
      },
    }),
  );
  const ended = await onBatch({ 'job-definition': 'bare', output: 's3://lake/out' });
  expect(notOk(ended).map((line) => line.slice(0, 24))).toEqual([
    'FAILED   job role: the d',
    'warning  retries: each j',
  ]);
  expect(ended.stdout).toContain('after exit code 75 and a Fargate Spot reclaim:');
  expect(ended.code).toBe(1);
});

test('roles that are not there, or that tasks may not assume', async () => {
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'machines', AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  // One of that name is there, but in another path.
  const elsewhere = ROLE.replace('winnow-role', 'teams/winnow-role');
  await define('roles', { executionRoleArn: elsewhere, jobRoleArn: Role?.Arn });
  const ended = await onBatch({ 'job-definition': 'roles' });
  expect(notOk(ended)).toEqual([
    `FAILED   execution role: ${elsewhere} is not there: make it, or name another one in the definition`,
    'FAILED   job role: the trust policy of machines does not let ecs-tasks.amazonaws.com assume it: allow sts:AssumeRole to the principal {"Service": "ecs-tasks.amazonaws.com"} in it',
  ]);
  expect(ended.code).toBe(1);
});

test('images in ECR: there, for other machines, by a tag that moves, and not there', async () => {
  const repository = '123456789012.dkr.ecr.us-east-1.amazonaws.com/winnow';
  await ecr.send(new CreateRepositoryCommand({ repositoryName: 'winnow' }));
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const { image } = await ecr.send(
    new PutImageCommand({
      ...{ repositoryName: 'winnow', imageTag: 'latest', imageManifestMediaType: mediaType },
      imageManifest: JSON.stringify({
        ...{ schemaVersion: 2, mediaType },
        manifests: [
          {
            ...{ mediaType: 'application/vnd.oci.image.manifest.v1+json', size: 1 },
            ...{ digest: `sha256:${'a'.repeat(64)}`, platform: { architecture: 'arm64', os: 'linux' } },
          },
        ],
      }),
    }),
  );
  const digest = image?.imageId?.imageDigest ?? '';
  const linesOfImage = async (name: string, more: ContainerProperties = {}): Promise<string[]> => {
    await define('image', { image: `${repository}${name}`, ...more });
    const lines = linesOf(await onBatch({ 'job-definition': 'image' }));
    return lines.filter((line) => /^\S+ +(?:image|architecture):/.test(line));
  };
  const forArm = { runtimePlatform: { cpuArchitecture: 'ARM64' } };
  expect(await linesOfImage(`@${digest}`, forArm)).toEqual([
    `ok       image: winnow@${digest} is there`,
    'ok       architecture: the image is for arm64, the definition for ARM64',
  ]);
  expect(await linesOfImage(':latest')).toEqual([
    `warning  image: winnow:latest is there, by a tag that moves: containers of one run may get different ones: name it by its digest: winnow@${digest}`,
    'FAILED   architecture: the image is for arm64, the definition for X86_64: no container would start: build it for linux/amd64, or set runtimePlatform.cpuArchitecture to what it is for',
  ]);
  for (const name of [':none', 's:1'])
    expect(await linesOfImage(name)).toEqual([
      `FAILED   image: winnow${name} is not in the registry of 123456789012 in us-east-1: push it, or register the definition with one that is there`,
    ]);
});

test('subnets without a way out, and with one only for public IPs; a security group that lets nothing out', async () => {
  const [open, closed, gone] = [
    await makeSubnet(vpc, 251),
    await makeSubnet(vpc, 252),
    await makeSubnet(vpc, 253),
  ];
  const tableFor = async (SubnetId: string): Promise<string> => {
    const { RouteTable } = await ec2.send(new CreateRouteTableCommand({ VpcId: vpc }));
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    await ec2.send(new AssociateRouteTableCommand({ RouteTableId, SubnetId }));
    return RouteTableId;
  };
  const RouteTableId = await tableFor(open);
  await tableFor(closed);
  const { InternetGateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = InternetGateway?.InternetGatewayId ?? '';
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId: vpc }));
  await ec2.send(new CreateRouteCommand({ RouteTableId, GatewayId, DestinationCidrBlock: '0.0.0.0/0' }));
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'shut', Description: 'shut', VpcId: vpc }),
  );
  const all = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
  await ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions: [all] }));
  await makeQueue('dark', [open, closed, gone], [GroupId]);
  await ec2.send(new DeleteSubnetCommand({ SubnetId: gone }));

  const shut = await onBatch({ queue: 'dark' });
  expect([shut.code, notOk(shut)]).toEqual([
    1,
    [
      `FAILED   network: ${open}: no way to logs, the registry of winnow/worker:1: their route leads to an internet gateway, and containers get no public IP: set networkConfiguration.assignPublicIp: ENABLED in the job definition, or add a NAT gateway`,
      `FAILED   network: ${closed}: no way to logs, the registry of winnow/worker:1: no route out, and no VPC endpoint: add a NAT gateway`,
      `warning  network: ${gone}: not there: name others in the compute environment`,
      `FAILED   security groups: ${GroupId}: no rule lets HTTPS out (TCP 443): add an outbound rule for it to 0.0.0.0/0, or to the VPC endpoints`,
    ],
  ]);
  await define('public', { networkConfiguration: { assignPublicIp: 'ENABLED' } });
  const withIps = await onBatch({ queue: 'dark', 'job-definition': 'public' });
  expect(linesOf(withIps)).toContain(
    `ok       network: ${open}: out through an internet gateway, with public IPs`,
  );
  expect(notOk(withIps)).toContainEqual(
    expect.stringMatching(/^warning {2}network: subnet-\w+: no way to logs, .*: no route out/),
  );
});

test('jobs that wait for a place; what moto has not is unknown', async () => {
  const { jobId } = await cloud.batch.send(
    new SubmitJobCommand({
      ...{ jobName: 'waits', jobQueue: cloud.prepared.jobQueue, jobDefinition: cloud.prepared.jobDefinition },
      arrayProperties: { size: 5 },
      timeout: { attemptDurationSeconds: 600 },
    }),
  );
  try {
    // Two of them have to get their places first.
    while (cloud.aws.running().length < 2) await sleep(100);
    const ended = await onBatch();
    expect(linesOf(ended).at(-2)).toMatch(
      /^ok {7}runnable jobs: 3 jobs of winnow-spot wait for a place, the first for [\d.:]+ \w+: their turn comes, 2 run or start$/,
    );
    expect(linesOf(ended).at(-1)).toBe(
      'unknown  front of the queue: the service has no GetJobQueueSnapshot: look at the queue in the AWS console',
    );
    expect(ended.code).toBe(0);
  } finally {
    await cloud.batch.send(new TerminateJobCommand({ jobId, reason: 'the test is over' }));
  }
});
