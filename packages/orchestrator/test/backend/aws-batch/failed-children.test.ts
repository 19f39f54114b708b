import { describe, expect, test } from '@jest/globals';
import type { FailedChild } from '../../../src/backend/array-backend.ts';
import { failedChildren } from '../../../src/backend/aws-batch/failed-children.ts';
import { FakeBatch } from './fake-batch.ts';

async function array(size: number): Promise<{ api: FakeBatch; id: string }> {
  const api = new FakeBatch();
  const id = await api.submitJob({
    ...{ jobName: 'j', jobQueue: 'q', jobDefinition: 'd', timeout: { attemptDurationSeconds: 60 } },
    ...(size > 1 ? { arrayProperties: { size } } : {}),
  });
  return { api, id };
}
const all = (api: FakeBatch, id: string): Promise<FailedChild[]> =>
  Array.fromAsync(failedChildren(api, id, { size: api.sizeOf(id) }));

describe('the failed children of a job', () => {
  test('come from pages of a listing, with what AWS says of each, a hundred a call', async () => {
    const { api, id } = await array(3000);
    api.setRest(id, 'SUCCEEDED');
    for (let n = 0; n < 1500; n++)
      api.set(id, 2 * n, 'FAILED', { exitCode: 70, statusReason: 'Essential container in task exited' });
    api.set(id, 6, 'FAILED', {
      exitCode: 137,
      reason: 'OutOfMemoryError: killed',
      statusReason: 'Essential container in task exited',
      attemptSeconds: [0, 12.5, 300],
    });
    const children = await all(api, id);
    expect(children).toHaveLength(1500);
    expect(children[1]).toEqual({
      index: 2,
      exitCode: 70,
      message: 'exit code 70',
      said: undefined,
      attemptSeconds: [0],
    });
    expect(children[3]).toEqual({
      ...{ index: 6, exitCode: 137, said: 'out-of-memory' },
      message: 'OutOfMemoryError: killed',
      attemptSeconds: [0, 12.5, 300],
    });
    expect(api.calls).toEqual({ SubmitJob: 1, ListJobs: 2, DescribeJobs: 15 });
  });

  test('that are described no more are as the listing says', async () => {
    const { api, id } = await array(2);
    api.setRest(id, 'SUCCEEDED');
    api.set(id, 1, 'FAILED', { exitCode: 75, reason: 'r' });
    api.isHidden = () => true;
    expect(await all(api, id)).toEqual([
      { index: 1, exitCode: 75, message: 'r', said: undefined, attemptSeconds: [] },
    ]);
  });

  test('of a plain job is the job itself', async () => {
    const { api, id } = await array(1);
    expect(await all(api, id)).toEqual([]);
    api.set(id, 0, 'FAILED', { statusReason: 'Your Spot Task was interrupted.' });
    expect(await all(api, id)).toEqual([
      {
        index: 0,
        exitCode: null,
        message: 'Your Spot Task was interrupted.',
        said: 'reclaimed',
        attemptSeconds: [0],
      },
    ]);
  });
});
