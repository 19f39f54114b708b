import { expect, test } from '@jest/globals';
import { jobName } from '../../../src/backend/aws-batch/job-name.ts';
import { problemsOfRequest } from '../../../src/backend/aws-batch/limits.ts';

test('a job’s name follows from run directory and submission, and AWS takes it', () => {
  const name = jobName('s3://b/out/_winnow/0000-89abcdef', '0000-89abcdef', 12);
  expect(name).toMatch(/^winnow-0000-89abcdef-[0-9a-f]{8}-12$/);
  expect(jobName('s3://b/out/_winnow/0000-89abcdef', '0000-89abcdef', 12)).toBe(name);
  expect(jobName('s3://b/other/_winnow/0000-89abcdef', '0000-89abcdef', 12)).not.toBe(name);
  expect(jobName('s3://b/out/_winnow/0000-89abcdef', '0000-89abcdef', 13)).not.toBe(name);
  const longest = jobName(`s3://b/${'x'.repeat(1000)}`, '123456-89ABCDEF', 999_999);
  expect(longest).toBe(longest.toLowerCase());
  const timeout = { attemptDurationSeconds: 60 };
  expect(problemsOfRequest({ jobName: longest, jobQueue: 'q', jobDefinition: 'd', timeout }, 0)).toEqual([]);
});
