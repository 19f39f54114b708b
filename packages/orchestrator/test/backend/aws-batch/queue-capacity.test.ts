import { expect, test } from '@jest/globals';
import type { CRType } from '@aws-sdk/client-batch';
import { queueCapacity } from '../../../src/backend/aws-batch/queue-capacity.ts';
import { FakeBatch } from './fake-batch.ts';

const capacityOf = async (api: FakeBatch) => queueCapacity(api, (await api.jobQueue('q'))!);

test.each<[CRType[], string | undefined]>([
  [['FARGATE_SPOT'], 'fargate-spot'],
  [['FARGATE_SPOT', 'FARGATE_SPOT'], 'fargate-spot'],
  [['FARGATE'], 'fargate'],
  [['FARGATE_SPOT', 'FARGATE'], 'fargate'],
  [['SPOT'], 'ec2'],
  [['EC2', 'SPOT'], 'ec2'],
  [[], undefined],
])('containers of a queue with %j are billed as %s', async (types, capacity) => {
  const api = new FakeBatch();
  api.environments = { q: types };
  expect(await capacityOf(api)).toBe(capacity);
});

test('a command that may not ask goes on without knowing', async () => {
  const api = new FakeBatch();
  api.environments = { q: ['FARGATE_SPOT'] };
  api.mayAskForEnvironments = false;
  expect(await capacityOf(api)).toBeUndefined();
});
