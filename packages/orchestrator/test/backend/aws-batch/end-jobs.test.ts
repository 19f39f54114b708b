import { describe, expect, test } from '@jest/globals';
import { endJobs } from '../../../src/backend/aws-batch/end-jobs.ts';
import { FakeBatch } from './fake-batch.ts';

async function fakeWith(count: number): Promise<{ api: FakeBatch; ids: string[] }> {
  const api = new FakeBatch();
  const ids: string[] = [];
  for (let n = 0; n < count; n++)
    ids.push(
      await api.submitJob({
        ...{ jobName: `j${n}`, jobQueue: 'q', jobDefinition: 'd', timeout: { attemptDurationSeconds: 60 } },
      }),
    );
  return { api, ids };
}
const failed = async (api: FakeBatch, id: string): Promise<boolean> =>
  (await api.describeJobs([id]))[0]?.status === 'FAILED';

describe('ending jobs', () => {
  test.each([
    ['terminate', 'TerminateJobs', 'TerminateJob'],
    ['withdraw', 'CancelJobs', 'CancelJob'],
  ] as const)('%s: fifty a call, one alone by itself', async (ending, bulk, single) => {
    const { api, ids } = await fakeWith(101);
    await endJobs(api, ids, ending, 'why');
    expect(api.calls).toMatchObject({ [bulk]: 2, [single]: 1 });
    for (const id of ids) expect(await failed(api, id)).toBe(true);
  });

  test('one by one where the service has no bulk call', async () => {
    const { api, ids } = await fakeWith(60);
    api.hasBulk = false;
    await endJobs(api, ids, 'terminate', 'why');
    expect(api.calls).toMatchObject({ TerminateJobs: 2, TerminateJob: 60 });
    for (const id of ids) expect(await failed(api, id)).toBe(true);
  });

  test('those by themselves that could not be done together', async () => {
    const { api, ids } = await fakeWith(10);
    api.notTogether.add(ids[3]!);
    await endJobs(api, ids, 'terminate', 'why');
    expect(api.calls).toMatchObject({ TerminateJobs: 1, TerminateJob: 1 });
    expect(await failed(api, ids[3]!)).toBe(true);
  });

  test('withdraws only what waits', async () => {
    const { api, ids } = await fakeWith(2);
    api.setRest(ids[0]!, 'RUNNING');
    await endJobs(api, ids, 'withdraw', 'why');
    expect([await failed(api, ids[0]!), await failed(api, ids[1]!)]).toEqual([false, true]);
  });

  test('asks nothing where there is nothing', async () => {
    const { api } = await fakeWith(0);
    await endJobs(api, [], 'terminate', 'why');
    expect(api.calls).toEqual({});
  });
});
