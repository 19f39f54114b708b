import type { Finding } from '../finding.ts';

/** What AWS says of a job that stands at the front of its queue and is not started, and what to do. */
export type RunnableReason = Required<Pick<Finding, 'message' | 'hint'>> & {
  readonly state: 'warning' | 'failed';
};

/** Where AWS gives no reason it is one of these, most often the first. */
export const COMMON_CAUSES =
  'look at the subnets (containers need a way to ECR, S3 and CloudWatch Logs: NAT, endpoints, or assignPublicIp: ENABLED), the Fargate vCPU quota of the account, and Spot capacity (--fallback-queue)';

/**
 * By how a `statusReason` begins: https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html. What waits
 * for capacity may start by itself; a misconfiguration never passes.
 */
const REASONS: readonly (readonly [string, RunnableReason])[] = [
  [
    'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY',
    {
      state: 'warning',
      message: 'AWS has no capacity of the kind that the compute environments may use',
      hint: 'wait, name a --fallback-queue on demand, or give the environments more subnets or instance types',
    },
  ],
  [
    'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE',
    {
      state: 'failed',
      message: 'a job asks for more vCPUs than maxvCpus of each compute environment',
      hint: 'raise maxvCpus, or end the job and ask for less with --vcpus or --memory',
    },
  ],
  [
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT',
    {
      state: 'failed',
      message: 'a job asks for more vCPUs, memory or GPUs than the compute environments have in one place',
      hint: 'allow larger instance types, or end the job and ask for less with --vcpus or --memory',
    },
  ],
  [
    'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS',
    {
      state: 'failed',
      message: 'the service role of the compute environments lacks permissions',
      hint: 'use the service-linked role AWSServiceRoleForBatch, or grant what the policy AWSBatchServiceRole does',
    },
  ],
  [
    'MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED',
    {
      state: 'failed',
      message: 'the instance types of the compute environments cannot be started as they are set up',
      hint: 'check that they exist in the Availability Zones of the subnets, and that the launch template suits them',
    },
  ],
  [
    'ACTION_REQUIRED',
    {
      state: 'failed',
      message: 'all compute environments of the queue are invalid',
      hint: 'mend them as their own lines here say: most often a role or a subnet that is gone',
    },
  ],
  [
    'UNDETERMINED',
    { state: 'warning', message: 'AWS sees that the queue is blocked, but not why', hint: COMMON_CAUSES },
  ],
];

/** What a reason means; one that is not known stands for itself. */
export function decodeRunnable(statusReason: string): RunnableReason {
  const known = REASONS.find(([begins]) => statusReason.startsWith(begins));
  return known?.[1] ?? { state: 'warning', message: statusReason, hint: COMMON_CAUSES };
}
