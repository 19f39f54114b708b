import { ListJobsCommand, type JobSummary, type ListJobsRequest } from '@aws-sdk/client-batch';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAwsUnderTest, type AwsUnderTest } from './aws-under-test.ts';

let under: AwsUnderTest;
let jobQueue: string;
/** Their ids by name. */
const ids: Record<string, string> = {};

beforeAll(async () => {
  under = await startAwsUnderTest({ parallel: 1 });
  ({ jobQueue } = under.prepared);
  // One after the other, so that their order in time is known.
  for (const jobName of ['run-1', 'run-10', 'Run-2'])
    await under.finished((ids[jobName] = await under.submit({}, { jobName })));
  ids['array'] = await under.submit({}, { jobName: 'array', arrayProperties: { size: 3 } });
  await under.finished(ids['array']);
  ids['failed'] = await under.submit({ CHILD_EXITS: '3' }, { jobName: 'failed' });
  await under.finished(ids['failed']);
  ids['elsewhere'] = await under.submit({}, { jobName: 'run-1', jobQueue: under.prepared.fallbackQueue });
  await under.finished(ids['elsewhere']);
  ids['running'] = await under.submit({ CHILD_DOES: 'wait' }, { jobName: 'running' });
  await under.running(1);
  ids['waiting'] = await under.submit({}, { jobName: 'waiting', arrayProperties: { size: 2 } });
});
afterAll(() => under.stop());

const list = async (request: ListJobsRequest): Promise<JobSummary[]> =>
  (await under.batch.send(new ListJobsCommand(request))).jobSummaryList!;
const names = async (request: ListJobsRequest): Promise<string[]> =>
  (await list({ jobQueue, ...request })).map((job) => job.jobName!);
const named = (...values: string[]) => ({ filters: [{ name: 'JOB_NAME', values }] });

test('without a status only those that run', async () => {
  expect(await names({})).toEqual(['running']);
  expect(await names({ jobStatus: 'RUNNING' })).toEqual(['running']);
});

test('by queue: parents and plain jobs of that status, the latest first, never children', async () => {
  expect(await names({ jobStatus: 'SUCCEEDED' })).toEqual(['array', 'Run-2', 'run-10', 'run-1']);
  expect(await names({ jobStatus: 'PENDING' })).toEqual(['waiting']);
  expect(await names({ jobStatus: 'RUNNABLE' })).toEqual([]);
  const [failed, ...others] = await list({ jobQueue, jobStatus: 'FAILED' });
  expect(others).toEqual([]);
  expect(failed).toMatchObject({
    jobId: ids['failed'],
    container: { exitCode: 3 },
    statusReason: 'Essential container in task exited',
  });
});

test('parents tell their size and how their children are', async () => {
  const [parent] = await list({ jobQueue, jobStatus: 'PENDING' });
  expect(parent?.arrayProperties).toMatchObject({ size: 2, statusSummary: { RUNNABLE: 2, RUNNING: 0 } });
});

test('by name: any status, whatever the letters, a star only at the end', async () => {
  expect(await names(named('run-1'))).toEqual(['run-1']);
  expect(await names(named('RUN-1*'))).toEqual(['run-10', 'run-1']);
  expect(await names(named('r*'))).toEqual(['running', 'Run-2', 'run-10', 'run-1']);
  expect(await names({ ...named('run-2'), jobStatus: 'FAILED' })).toEqual(['Run-2']);
  expect(await names(named('ray'))).toEqual([]);
  expect(await names(named('array'))).toEqual(['array']);
});

test('by job definition and by time', async () => {
  const [definition] = (await list({ jobQueue, ...named('run-1') })).map((job) => job.jobDefinition!);
  const filtered = (name: string, value: string) => names({ filters: [{ name, values: [value] }] });
  expect(await filtered('JOB_DEFINITION', definition!)).toHaveLength(7);
  expect(await filtered('JOB_DEFINITION', under.prepared.jobDefinition)).toHaveLength(7);
  expect(await filtered('JOB_DEFINITION', under.prepared.ecsJobDefinition)).toEqual([]);
  const [array] = await list({ jobQueue, ...named('array') });
  const then = String(array?.createdAt);
  expect(await filtered('BEFORE_CREATED_AT', then)).toEqual(['Run-2', 'run-10', 'run-1']);
  expect(await filtered('AFTER_CREATED_AT', then)).toEqual(['waiting', 'running', 'failed']);
});

test.each(['jobQueue', 'arrayJobId'] as const)('page by page, by %s', async (scope) => {
  const pages: string[][] = [];
  const request =
    scope === 'jobQueue' ? { jobQueue, maxResults: 3 } : { arrayJobId: ids['array']!, maxResults: 2 };
  let nextToken: string | undefined;
  do {
    const answer = await under.batch.send(
      new ListJobsCommand({
        ...request,
        jobStatus: 'SUCCEEDED',
        ...(nextToken !== undefined && { nextToken }),
      }),
    );
    pages.push(answer.jobSummaryList!.map((job) => job.jobId!.replace(/^.*:/, '') || ''));
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
  const expected =
    scope === 'jobQueue'
      ? [[ids['array'], ids['Run-2'], ids['run-10']], [ids['run-1']]]
      : [['0', '1'], ['2']];
  expect(pages).toEqual(expected);
});

test.each<[string, ListJobsRequest]>([
  ['no scope', {}],
  ['two scopes', { jobQueue: 'winnow-spot', arrayJobId: 'x' }],
  ['filters for children', { arrayJobId: 'x', ...named('a') }],
  ['two filters', { jobQueue: 'winnow-spot', filters: [...named('a').filters, ...named('b').filters] }],
  ['no such queue', { jobQueue: 'nowhere' }],
])('%s: refused', async (_, request) => {
  await expect(list(request)).rejects.toMatchObject({ name: 'ClientException' });
});
