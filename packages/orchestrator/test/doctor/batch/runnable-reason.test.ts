import { expect, test } from '@jest/globals';
import { COMMON_CAUSES, decodeRunnable } from '../../../src/doctor/batch/runnable-reason.ts';

/** As https://docs.aws.amazon.com/batch/latest/userguide/job_stuck_in_runnable.html has them. */
test.each<[string, 'warning' | 'failed', RegExp, RegExp]>([
  [
    'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - Service cannot fulfill the capacity requested for instance type [instanceTypeName]',
    'warning',
    /no capacity/,
    /--fallback-queue/,
  ],
  [
    'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE - CE(s) associated with the job queue cannot meet the CPU requirement of the job.',
    'failed',
    /more vCPUs than maxvCpus/,
    /raise maxvCpus/,
  ],
  [
    'MISCONFIGURATION:JOB_RESOURCE_REQUIREMENT - The job resource requirement (vCPU/memory/GPU) is higher than that can be met by the CE(s) attached to the job queue.',
    'failed',
    /vCPUs, memory or GPUs/,
    /larger instance types/,
  ],
  [
    'MISCONFIGURATION:SERVICE_ROLE_PERMISSIONS – Batch service role has a permission issue.',
    'failed',
    /service role/,
    /AWSServiceRoleForBatch/,
  ],
  [
    'MISCONFIGURATION:EC2_INSTANCE_CONFIGURATION_UNSUPPORTED - Your compute environment associated with this job queue has an unsupported instance type configuration.',
    'failed',
    /instance types/,
    /Availability Zones/,
  ],
  ['ACTION_REQUIRED - CE(s) associated with the job queue are invalid.', 'failed', /invalid/, /mend them/],
  ['UNDETERMINED - Batch job is blocked, root cause is undetermined.', 'warning', /not why/, /subnets/],
])('%s', (text, state, message, hint) => {
  const decoded = decodeRunnable(text);
  expect(decoded).toEqual({
    state,
    message: expect.stringMatching(message),
    hint: expect.stringMatching(hint),
  });
  // The reason alone, as events have it.
  expect(decodeRunnable(text.replace(/ [-–] .*/, ''))).toEqual(decoded);
});

test('a text that is not known stands for itself', () => {
  expect(decodeRunnable('NEW:REASON - of a later day')).toEqual({
    ...{ state: 'warning', message: 'NEW:REASON - of a later day', hint: COMMON_CAUSES },
  });
});
