import { expect, test } from '@jest/globals';
import type { JobDetail } from '@aws-sdk/client-batch';
import type { ArrayCounts } from '../../../src/backend/array-backend.ts';
import { countsOf } from '../../../src/backend/aws-batch/array-counts.ts';

const job = (facts: Partial<JobDetail>): JobDetail => ({
  ...{ jobName: 'j', jobId: 'i', jobQueue: 'q', jobDefinition: 'd', startedAt: 0, status: 'PENDING' },
  ...facts,
});
const none: ArrayCounts = {
  ...{ size: 10, waiting: 0, runnable: 0, running: 0, succeeded: 0, failed: 0, ended: false, reason: '' },
};

test.each<[string, Partial<JobDetail>, Partial<ArrayCounts>]>([
  [
    'an array with children in all states',
    {
      arrayProperties: {
        size: 10,
        statusSummary: {
          SUBMITTED: 1,
          PENDING: 1,
          RUNNABLE: 2,
          STARTING: 1,
          RUNNING: 2,
          SUCCEEDED: 2,
          FAILED: 1,
        },
      },
    },
    { waiting: 4, runnable: 2, running: 3, succeeded: 2, failed: 1 },
  ],
  [
    'all children done, the parent not yet told',
    { arrayProperties: { size: 10, statusSummary: { SUCCEEDED: 7, FAILED: 3 } } },
    { succeeded: 7, failed: 3, ended: true },
  ],
  [
    'an array that failed as a whole, before it had children',
    {
      status: 'FAILED',
      statusReason: 'Container Overrides length must be at most 8192',
      arrayProperties: { size: 10, statusSummary: {} },
    },
    { failed: 10, ended: true, reason: 'Container Overrides length must be at most 8192' },
  ],
  ['an array just submitted', { status: 'SUBMITTED', arrayProperties: { size: 10 } }, { waiting: 10 }],
  ['a plain job that waits', { status: 'RUNNABLE' }, { size: 1, waiting: 1, runnable: 1 }],
  ['a plain job that runs', { status: 'RUNNING' }, { size: 1, running: 1 }],
  ['a plain job that is done', { status: 'SUCCEEDED' }, { size: 1, succeeded: 1, ended: true }],
  [
    'a plain job that failed',
    { status: 'FAILED', statusReason: 'why' },
    { size: 1, failed: 1, ended: true, reason: 'why' },
  ],
])('%s', (_, facts, expected) => {
  expect(countsOf(job(facts))).toEqual({ ...none, ...expected });
});
