import { DescribeJobsCommand, ListJobsCommand } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAwsUnderTest, type AwsUnderTest } from './aws-under-test.ts';

let under: AwsUnderTest;
beforeAll(async () => {
  under = await startAwsUnderTest({ unseenLooks: 2 });
});
afterAll(() => under.stop());

test('a job that was just submitted may not be seen at once', async () => {
  const { jobQueue } = under.prepared;
  const jobId = await under.submit({}, { jobName: 'new' });
  const described = await under.batch.send(new DescribeJobsCommand({ jobs: [jobId] }));
  expect(described.jobs).toEqual([]);
  const list = new ListJobsCommand({ jobQueue, filters: [{ name: 'JOB_NAME', values: ['new'] }] });
  expect((await under.batch.send(list)).jobSummaryList).toEqual([]);
  expect((await under.batch.send(list)).jobSummaryList).toMatchObject([{ jobId }]);
  expect((await under.finished(jobId)).status).toBe('SUCCEEDED');
});
