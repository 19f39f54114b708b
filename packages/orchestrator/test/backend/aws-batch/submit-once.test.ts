import { describe, expect, test } from '@jest/globals';
import type { SubmitJobCommandInput } from '@aws-sdk/client-batch';
import type { Submission } from '../../../src/backend/aws-batch/find-job.ts';
import { submitOnce } from '../../../src/backend/aws-batch/submit-once.ts';
import { FakeBatch } from './fake-batch.ts';

const RUN = 's3://b/out/_winnow/0000-89abcdef';
const INTENDED = {
  name: 'winnow-a-4',
  queue: 'spot',
  definition: 'd:1',
  vcpus: 1,
  memoryMiB: 2048,
  timeoutSeconds: 60,
};
const SUBMISSION: Submission = { runUri: RUN, submission: 4, intended: INTENDED };
const requestOf = (run: string, submission: number): SubmitJobCommandInput => ({
  ...{
    jobName: 'winnow-a-4',
    jobQueue: 'spot',
    jobDefinition: 'd:1',
    timeout: { attemptDurationSeconds: 60 },
  },
  arrayProperties: { size: 3 },
  containerOverrides: {
    environment: [
      { name: 'WINNOW_RUN', value: run },
      { name: 'WINNOW_SUBMISSION', value: String(submission) },
    ],
  },
});

const submit = (api: FakeBatch, onSleep: () => void = () => undefined): Promise<string> =>
  submitOnce(
    api,
    requestOf(RUN, 4),
    SUBMISSION,
    () => {
      onSleep();
      return Promise.resolve();
    },
    new AbortController().signal,
  );

describe('submitting once', () => {
  test('takes the answer', async () => {
    const api = new FakeBatch();
    expect(await submit(api)).toBe('job-1');
    expect(api.calls).toEqual({ SubmitJob: 1 });
  });

  test('finds the job whose reply was lost, by its name', async () => {
    const api = new FakeBatch();
    api.onSubmit = (n) => (n === 0 ? 'lost' : 'ok');
    expect(await submit(api)).toBe('job-1');
    expect(api.calls).toEqual({ SubmitJob: 1, ListJobs: 1, DescribeJobs: 1 });
  });

  test('waits until it shows up', async () => {
    const api = new FakeBatch();
    api.onSubmit = (n) => (n === 0 ? 'lost' : 'ok');
    let sleeps = 0;
    api.isHidden = () => sleeps < 3;
    expect(await submit(api, () => sleeps++)).toBe('job-1');
    expect(api.calls['SubmitJob']).toBe(1);
  });

  test('submits again what was not carried out', async () => {
    const api = new FakeBatch();
    api.onSubmit = (n) => (n < 2 ? 'failed' : 'ok');
    expect(await submit(api)).toBe('job-3');
    expect(api.jobs.size).toBe(1);
  });

  test('ends the twin where it shows up too late', async () => {
    const api = new FakeBatch();
    api.onSubmit = (n) => (n < 2 ? 'lost' : 'ok');
    // The first hides until the second was submitted, whose reply is lost too.
    api.isHidden = (id) => id === 'job-1' && api.calls['SubmitJob'] === 1;
    expect(await submit(api)).toBe('job-1');
    expect(api.calls['TerminateJob']).toBe(1);
    expect((await api.describeJobs(['job-2']))[0]).toMatchObject({ status: 'FAILED' });
    expect((await api.describeJobs(['job-1']))[0]).toMatchObject({ status: 'PENDING' });
  });

  test('does not take a job of the same name that is of another run or submission', async () => {
    const api = new FakeBatch();
    await api.submitJob(requestOf('s3://b/other/_winnow/0000-89abcdef', 4));
    await api.submitJob(requestOf(RUN, 3));
    api.onSubmit = (n) => (n === 2 ? 'failed' : 'ok');
    expect(await submit(api)).toBe('job-4');
  });

  test('gives up after some times, and at once where AWS refuses', async () => {
    const api = new FakeBatch();
    api.onSubmit = () => 'failed';
    await expect(submit(api)).rejects.toThrow('no answer');
    expect(api.calls['SubmitJob']).toBe(5);
    const refusing = new FakeBatch();
    refusing.onSubmit = () => 'refused';
    await expect(submit(refusing)).rejects.toThrow('AWS Batch SubmitJob: no');
    expect(refusing.calls).toEqual({ SubmitJob: 1 });
  });
});
