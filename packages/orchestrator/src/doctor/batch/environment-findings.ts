import type { ComputeEnvironmentDetail } from '@aws-sdk/client-batch';
import type { ContainerSize } from '../../backend/aws-batch/fargate-size.ts';
import { countOf } from '../../report/figures.ts';
import { finding, ok, type Finding } from '../finding.ts';

const CHECK = 'compute environment';

const isFargate = ({ computeResources }: ComputeEnvironmentDetail): boolean =>
  computeResources?.type?.startsWith('FARGATE') ?? false;

/** Whether it takes jobs. */
export const isUsable = ({ state, status }: ComputeEnvironmentDetail): boolean =>
  state !== 'DISABLED' && status !== 'INVALID' && status !== 'DELETING' && status !== 'DELETED';

/** The environments that a queue names, a line each: one that takes no jobs is no failure where another one does. */
export function environmentFindings(
  queue: string,
  names: readonly string[],
  environments: readonly ComputeEnvironmentDetail[],
): Finding[] {
  if (names.length === 0)
    return [
      finding(CHECK, 'failed', `${queue} has none: its jobs wait for ever`, 'connect one to the queue'),
    ];
  const without = environments.some(isUsable) ? 'warning' : 'failed';
  const isThere = (name: string): boolean =>
    environments.some(
      (found) => found.computeEnvironmentArn === name || found.computeEnvironmentName === name,
    );
  return [
    ...environments.map((environment) => environmentFinding(environment, without)),
    ...names
      .filter((name) => !isThere(name))
      .map((name) => finding(CHECK, without, `${name} of ${queue} is gone`, 'connect one that is there')),
  ];
}

function environmentFinding(environment: ComputeEnvironmentDetail, without: 'warning' | 'failed'): Finding {
  const { computeEnvironmentName: name = '', computeResources, state, status, statusReason } = environment;
  if (state === 'DISABLED')
    return finding(CHECK, without, `${name} is disabled: it takes no jobs`, 'enable it');
  if (!isUsable(environment))
    return finding(
      CHECK,
      without,
      `${name} is ${(status ?? 'invalid').toLowerCase()}: ${statusReason ?? 'AWS says no more'}`,
      'mend what it names (a role, a subnet, a security group), then disable and enable it',
    );
  if (computeResources === undefined) return ok(CHECK, `${name}: unmanaged`);
  return ok(
    CHECK,
    `${name}: ${computeResources.type ?? ''}, at most ${computeResources.maxvCpus ?? 0} vCPUs`,
  );
}

/** Whether jobs of that size find room, and as many at once as are asked for. */
export function roomFindings(
  environments: readonly ComputeEnvironmentDetail[],
  size: ContainerSize,
  maxRunning: number | undefined,
): Finding[] {
  const rooms = environments
    .filter(isUsable)
    .flatMap(({ computeResources }) => computeResources?.maxvCpus ?? []);
  if (rooms.length === 0) return [];
  const atOnce = rooms.reduce((total, maxvCpus) => total + Math.floor(maxvCpus / size.vcpus), 0);
  const room = `${countOf(atOnce, 'container')} of ${size.vcpus} vCPU and ${size.memoryMiB} MiB at once`;
  if (atOnce === 0)
    return [
      finding(
        'room',
        'failed',
        `a container takes ${size.vcpus} vCPU, more than maxvCpus of each compute environment (${rooms.join(', ')})`,
        'raise maxvCpus, or give less with --vcpus or --memory',
      ),
    ];
  if (maxRunning !== undefined && maxRunning > atOnce)
    return [
      finding(
        'room',
        'warning',
        `--max-running ${maxRunning} is more than maxvCpus have room for: ${room}`,
        'raise maxvCpus; the others wait for their turn',
      ),
    ];
  return [ok('room', room)];
}

/** A definition of one platform never starts on environments of the other. */
export function platformFindings(
  environments: readonly ComputeEnvironmentDetail[],
  fargate: boolean,
): Finding[] {
  const managed = environments.filter(({ computeResources }) => computeResources !== undefined);
  if (managed.length === 0 || managed.some((environment) => isFargate(environment) === fargate)) return [];
  const [ours, theirs] = fargate ? ['Fargate', 'EC2'] : ['EC2', 'Fargate'];
  return [
    finding(
      'platform',
      'failed',
      `the job definition is for ${ours}, the compute environments of the queue are ${theirs}`,
      `register it with platformCapabilities: [${theirs.toUpperCase()}], or name another queue`,
    ),
  ];
}
