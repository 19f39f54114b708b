import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startAws, type Aws } from '@winnow/testing';
import { cloudWatchLogs } from '../../src/cloudwatch/log-stream.ts';

const GROUP = '/aws/batch/job';
const LINES = Array.from({ length: 12_000 }, (_, n) => `line ${n}`);

let aws: Aws;
const before = { ...process.env };
beforeAll(async () => {
  aws = await startAws({ images: {} });
  Object.assign(process.env, aws.environment, { AWS_ENDPOINT_URL: aws.steadyEndpoint });
  const client = new CloudWatchLogsClient({});
  const names = { logGroupName: GROUP, logStreamName: 'worker/1' };
  await client.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await client.send(new CreateLogStreamCommand(names));
  for (const from of [0, 6000]) {
    const logEvents = LINES.slice(from, from + 6000).map((message, n) => ({
      message,
      timestamp: Date.now() - 20_000 + from + n,
    }));
    await client.send(new PutLogEventsCommand({ ...names, logEvents }));
  }
  client.destroy();
});
afterAll(async () => {
  process.env = before;
  await aws.stop();
});

test('a stream of several pages is read to its end, the oldest line first', async () => {
  const lines = await cloudWatchLogs()(GROUP, 'worker/1');
  expect(lines && (await Array.fromAsync(lines))).toEqual(LINES);
});

test('a stream or a group that is not there (any more) is nothing', async () => {
  expect(await cloudWatchLogs()(GROUP, 'worker/2')).toBeUndefined();
  expect(await cloudWatchLogs()('/no/group', 'worker/1')).toBeUndefined();
});
