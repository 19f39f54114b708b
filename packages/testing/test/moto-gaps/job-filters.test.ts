import type { ListJobsRequest } from '@aws-sdk/client-batch';
import { expect, test } from '@jest/globals';
import { ClientException } from '../../src/moto-gaps/client-exception.ts';
import { selectsJob } from '../../src/moto-gaps/job-filters.ts';
import type { JobStatus } from '../../src/moto-gaps/job-status.ts';

const DEFINITIONS = 'arn:aws:batch:us-east-1:123456789012:job-definition/';
const job = (jobName: string, status: JobStatus, createdAt: number, definition: string, share?: string) => ({
  summary: { jobId: jobName, jobName, status, createdAt, jobDefinition: `${DEFINITIONS}${definition}` },
  shareIdentifier: share,
});
const JOBS = [
  job('test1', 'RUNNING', 100, 'jd1:1'),
  job('Test10', 'SUCCEEDED', 200, 'jd1:2'),
  job('other', 'FAILED', 300, 'jd1A:1', 'x'),
  job('another', 'RUNNING', 400, 'JD1:1', 'x'),
];
const filter = (name: string, ...values: string[]) => ({ filters: [{ name, values }] });

test.each<[ListJobsRequest, string[]]>([
  [{}, ['test1', 'another']],
  [{ jobStatus: 'FAILED' }, ['other']],
  [{ jobStatus: 'PENDING' }, []],
  [filter('JOB_NAME', 'test1'), ['test1']],
  [filter('JOB_NAME', 'TEST1*'), ['test1', 'Test10']],
  [filter('JOB_NAME', 'other'), ['other']],
  [{ ...filter('JOB_NAME', 'test1*'), jobStatus: 'FAILED' }, ['test1', 'Test10']],
  [filter('JOB_DEFINITION', 'jd1'), ['test1', 'Test10']],
  [filter('JOB_DEFINITION', 'jd1*'), ['test1', 'Test10', 'other']],
  [filter('JOB_DEFINITION', `${DEFINITIONS}jd1:2`), ['Test10']],
  [filter('JOB_DEFINITION', `${DEFINITIONS}jd1*`), []],
  [filter('BEFORE_CREATED_AT', '300'), ['test1', 'Test10']],
  [filter('AFTER_CREATED_AT', '300'), ['another']],
  [filter('SHARE_IDENTIFIER', 'x'), ['other', 'another']],
  [{ ...filter('SHARE_IDENTIFIER', 'x'), jobStatus: 'FAILED' }, ['other']],
])('%j selects %j', (request, names) => {
  const selected = JOBS.filter(selectsJob(request));
  expect(selected.map(({ summary }) => summary.jobName)).toEqual(names);
});

test.each([
  { filters: [...filter('JOB_NAME', 'a').filters, ...filter('JOB_NAME', 'b').filters] },
  filter('JOB_COLOUR', 'a'),
  { jobStatus: 'DONE' as 'FAILED' },
])('%j is refused', (request) => {
  expect(() => selectsJob(request)).toThrow(ClientException);
});
