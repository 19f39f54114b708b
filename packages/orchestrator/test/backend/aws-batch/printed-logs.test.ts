import { describe, expect, test } from '@jest/globals';
import type { JobDefinition, JobDetail } from '@aws-sdk/client-batch';
import { Readable } from 'node:stream';
import { printedLogs } from '../../../src/backend/aws-batch/printed-logs.ts';

const STREAMS: Readonly<Record<string, readonly string[]>> = {
  'mine one': ['a', 'b'],
  'mine two': ['c'],
  '/aws/batch/job one': ['d'],
};

async function printed(job: Partial<JobDetail> | undefined, definition: Partial<JobDefinition>, size = 5) {
  const asked: unknown[] = [];
  const logs = await printedLogs(
    {
      describeJobs: (ids) => {
        asked.push(...ids);
        return Promise.resolve(job === undefined ? [] : [{ jobDefinition: 'd:3', ...job } as JobDetail]);
      },
      jobDefinition: (name) => {
        asked.push(name);
        return Promise.resolve({ jobDefinitionArn: 'd:3', ...definition } as JobDefinition);
      },
    },
    () =>
      Promise.resolve((group, stream) => {
        const lines = STREAMS[`${group} ${stream}`];
        return Promise.resolve(lines && Readable.from(lines));
      }),
    { jobId: 'j', index: 3, size },
  );
  const found = await Promise.all(
    logs.map(async ({ attempt, lines }) => [attempt, await Array.fromAsync(lines)] as const),
  );
  return { asked, found };
}

const CONTAINER = { containerProperties: { image: 'i' } };
const logged = (logStreamName?: string) => ({ container: { ...(logStreamName && { logStreamName }) } });

describe('what a child printed', () => {
  test('is in the group of its definition, a stream an attempt', async () => {
    const logConfiguration = { logDriver: 'awslogs' as const, options: { 'awslogs-group': 'mine' } };
    const { asked, found } = await printed(
      { attempts: [logged('one'), logged('two')] },
      { containerProperties: { image: 'i', logConfiguration } },
    );
    expect(asked).toEqual(['j:3', 'd:3']);
    expect(found).toEqual([
      ['1', ['a', 'b']],
      ['2', ['c']],
    ]);
  });

  test("is in Batch's group where the definition names none; what came to no container or is gone has none", async () => {
    const attempts = [logged(), logged('gone'), logged('one')];
    expect((await printed({ attempts }, CONTAINER)).found).toEqual([['3', ['d']]]);
  });

  test('by ecsProperties is in the stream of the container that has one', async () => {
    const attempts = [{ taskProperties: [{ containers: [{ name: 'main', logStreamName: 'one' }] }] }];
    const ecsProperties = { taskProperties: [{ containers: [{ name: 'main', image: 'i' }] }] };
    expect((await printed({ attempts }, { ecsProperties })).found).toEqual([['1', ['d']]]);
  });

  test('of a plain job is asked for by its own id', async () => {
    expect((await printed({ attempts: [logged('one')] }, CONTAINER, 1)).asked).toEqual(['j', 'd:3']);
  });

  test('is nothing where it is known no more, or goes elsewhere', async () => {
    expect((await printed(undefined, CONTAINER)).found).toEqual([]);
    const elsewhere = {
      containerProperties: { image: 'i', logConfiguration: { logDriver: 'splunk' as const } },
    };
    expect((await printed({ attempts: [logged('one')] }, elsewhere)).found).toEqual([]);
  });
});
