import { isS3Uri } from '@winnow/core';
import type { BatchApi, BatchSetupApi } from '../../backend/aws-batch/batch-api.ts';
import { isDenied } from '../../backend/aws-batch/batch-errors.ts';
import { fargateSize, type ContainerSize } from '../../backend/aws-batch/fargate-size.ts';
import { usableDefinition } from '../../backend/aws-batch/job-definition.ts';
import { usableQueue } from '../../backend/aws-batch/job-queue.ts';
import { durationText } from '../../report/figures.ts';
import type { CheckupSpec } from '../checkup-spec.ts';
import { finding, lookedAt, ok, tellable, type Finding } from '../finding.ts';
import type { AccountApi } from '../account/account-api.ts';
import { lookAtNetwork, type Networked } from '../account/look-at-network.ts';
import { lookAtQuotas } from '../account/look-at-quotas.ts';
import { definitionFindings } from './definition-findings.ts';
import { environmentFindings, isUsable, platformFindings, roomFindings } from './environment-findings.ts';
import { lookAtWhatItNames, networkedBy } from './named-by-definition.ts';
import { waitingFindings } from './waiting-findings.ts';
import { waitingJobs } from './waiting-jobs.ts';

type Asked = BatchApi & BatchSetupApi;

export interface Around {
  readonly nowMs: number;
  /** Where the bucket of a URI lies; undefined where nobody says. */
  readonly regionOf: (uri: string) => Promise<string | undefined>;
}

/** What a spec names of AWS Batch: job definition, queues with their compute environments, and jobs that wait there. */
export async function lookAtBatch(
  api: Asked,
  account: AccountApi,
  spec: CheckupSpec,
  around: Around,
): Promise<Finding[]> {
  const { queue, fallbackQueue, jobDefinition } = spec;
  let networked: Networked | undefined;
  const ofDefinition = await lookedAt('job definition', async () => {
    if (jobDefinition === undefined) return [];
    const definition = usableDefinition(jobDefinition, await api.jobDefinition(jobDefinition));
    const usesS3 = [spec.source, spec.output].some(
      (uri) => uri !== undefined && isS3Uri(uri.replace(/^@/, '')),
    );
    networked = networkedBy(definition, usesS3);
    return [
      ...definitionFindings(definition, { ...spec, usesS3 }),
      ...(await lookAtWhatItNames(account, definition, spec)),
    ];
  });
  const queues = [
    ['queue', '--queue', queue],
    ['fallback queue', '--fallback-queue', fallbackQueue],
  ] as const;
  const found: Finding[] = [...ofDefinition];
  for (const [check, flag, name] of queues)
    if (name !== undefined)
      found.push(
        ...(await lookedAt(check, () =>
          lookAtQueue(api, account, { check, flag, name, networked, spec, ...around }),
        )),
      );
  return found;
}

interface QueueLook extends Around {
  readonly check: string;
  readonly flag: string;
  readonly name: string;
  /** Undefined where no definition is known. */
  readonly networked: Networked | undefined;
  readonly spec: CheckupSpec;
}

async function lookAtQueue(api: Asked, account: AccountApi, look: QueueLook): Promise<Finding[]> {
  const { check, flag, name, networked, spec, nowMs } = look;
  const fargate = networked?.fargate;
  const queue = usableQueue(flag, name, await api.jobQueue(name));
  const names = (queue.computeEnvironmentOrder ?? []).flatMap(
    ({ computeEnvironment }) => computeEnvironment ?? [],
  );
  const asked = `batch:DescribeComputeEnvironments`;
  return [
    ok(check, `${name} is enabled and valid`),
    ...(await regionFindings(queue.jobQueueArn ?? '', look)),
    ...(await tellable('compute environment', asked, isDenied, async () => {
      const environments = names.length === 0 ? [] : await api.computeEnvironments(names);
      const size = sizeOf(spec, fargate ?? true);
      const usable = environments.filter(isUsable);
      return [
        ...environmentFindings(name, names, environments),
        ...(fargate === undefined ? [] : platformFindings(environments, fargate)),
        ...(size === undefined ? [] : roomFindings(environments, size, spec.maxRunning)),
        ...(size === undefined ? [] : await lookAtQuotas(account, usable, size.vcpus, spec.maxRunning)),
        ...(networked === undefined ? [] : await lookAtNetwork(account, usable, networked)),
      ];
    })),
    ...(await tellable('runnable jobs', 'batch:ListJobs and batch:DescribeJobs', isDenied, async () => {
      const waiting = await waitingJobs(api, name);
      return [
        ...waitingFindings(name, waiting, spec.runnableMinutes * 60_000, nowMs),
        ...(waiting.runnable > 0 ? await frontFindings(api, name, nowMs) : []),
      ];
    })),
  ];
}

const sizeOf = ({ memory, vcpus }: CheckupSpec, fargate: boolean): ContainerSize | undefined =>
  fargate ? fargateSize(memory, vcpus) : { vcpus: Math.ceil(vcpus), memoryMiB: memory };

const FRONT = 'front of the queue';

/** Which job is next, and since when: nothing behind it starts before it in a queue that is first in, first out. */
const frontFindings = (api: Asked, queue: string, nowMs: number): Promise<readonly Finding[]> =>
  tellable(FRONT, 'batch:GetJobQueueSnapshot', isDenied, async () => {
    const front = await api.frontOfQueue(queue);
    if (front === undefined)
      return [
        finding(
          FRONT,
          'unknown',
          'the service has no GetJobQueueSnapshot',
          'look at the queue in the AWS console',
        ),
      ];
    const [first] = front.jobs ?? [];
    if (first?.jobArn === undefined) return [];
    const id = first.jobArn.replace(/^.*job\//, '');
    const waitsMs = Math.max(0, nowMs - (first.earliestTimeAtPosition ?? nowMs));
    return [ok(FRONT, `job ${id}, there for ${durationText(waitsMs / 1000)}`)];
  });

/** A bucket in another region than the jobs works, and every byte of it costs. */
async function regionFindings(queueArn: string, { name, spec, regionOf }: QueueLook): Promise<Finding[]> {
  const ofQueue = queueArn.split(':')[3] ?? '';
  const uris = [spec.source, spec.output].filter((uri) => uri !== undefined).filter(isS3Uri);
  const found: Finding[] = [];
  for (const uri of ofQueue === '' ? [] : uris) {
    const ofBucket = await regionOf(uri);
    if (ofBucket !== undefined && ofBucket !== ofQueue)
      found.push(
        finding(
          'region',
          'warning',
          `the bucket of ${uri} lies in ${ofBucket}, the queue ${name} in ${ofQueue}: each byte between them is charged`,
          `use a queue in ${ofBucket}`,
        ),
      );
  }
  return found;
}
