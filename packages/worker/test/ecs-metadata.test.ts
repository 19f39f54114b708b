import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { logPlaceOf } from '../src/ecs-metadata.ts';

/** As an agent of Fargate answers, less what nobody reads here. */
const ANSWER = {
  DockerId: 'cd189a933e5849daa93386466019ab50-2495160603',
  Name: 'worker',
  Labels: { 'com.amazonaws.ecs.task-arn': 'arn:aws:ecs:us-west-2:111122223333:task/default/cd189a93' },
  LogDriver: 'awslogs',
  LogOptions: {
    'awslogs-group': '/winnow/worker',
    'awslogs-region': 'us-west-2',
    'awslogs-stream': 'worker/default/cd189a933e5849daa93386466019ab50',
  },
};

async function answering(status: number, body: string): Promise<unknown> {
  const server = createServer((_, response) => void response.writeHead(status).end(body)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    return await logPlaceOf(`http://127.0.0.1:${port}/v4/abc`);
  } finally {
    server.close();
  }
}

test('the agent beside the container tells where its output goes', async () => {
  expect(await answering(200, JSON.stringify(ANSWER))).toEqual({
    group: '/winnow/worker',
    stream: 'worker/default/cd189a933e5849daa93386466019ab50',
  });
});

test.each<[string, number, string]>([
  ['another log driver', 200, JSON.stringify({ ...ANSWER, LogDriver: 'splunk' })],
  ['no log options', 200, JSON.stringify({ ...ANSWER, LogOptions: {} })],
  ['no JSON', 200, 'hello'],
  ['an error', 500, ''],
])('nothing is known with %s', async (_, status, body) => {
  expect(await answering(status, body)).toBeUndefined();
});

test('nothing is known where there is no agent', async () => {
  expect(await logPlaceOf(undefined)).toBeUndefined();
  expect(await logPlaceOf('http://127.0.0.1:1/v4')).toBeUndefined();
});
