import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import { essence } from '../essence.ts';
import { partHashes } from '../winnow.ts';
import { startBatchRuns, type BatchRuns } from './batch-runs.ts';

let runs: BatchRuns;
beforeAll(async () => {
  runs = await startBatchRuns();
});
afterAll(() => runs.stop());

test('metrics of the run go to CloudWatch', async () => {
  const { code, report } = await runs.cloud.runReport(
    runs.on('measured', '--cloudwatch-namespace', 'Measured'),
    runs.folder,
  );
  expect(code).toBe(0);
  await runs.expectUndisturbed('measured', report);
  const { AWS_REGION: region = '', ...keys } = runs.cloud.environment;
  const client = new CloudWatchClient({
    endpoint: runs.cloud.aws.steadyEndpoint,
    region,
    credentials: {
      accessKeyId: keys['AWS_ACCESS_KEY_ID'] ?? '',
      secretAccessKey: keys['AWS_SECRET_ACCESS_KEY'] ?? '',
    },
  });
  const sumOf = async (MetricName: string): Promise<number | undefined> => {
    const { Datapoints = [] } = await client.send(
      new GetMetricStatisticsCommand({
        ...{ Namespace: 'Measured', MetricName, Statistics: ['Sum'], Period: 3600 },
        Dimensions: [{ Name: 'Run', Value: report.runId }],
        StartTime: new Date(Date.now() - 3600_000),
        EndTime: new Date(Date.now() + 3600_000),
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
  expect(await sumOf('RecordsCommitted')).toBe(report.records.read);
  expect(await sumOf('RecordsQuarantined')).toBe(report.records.quarantined);
  expect(await sumOf('UnitsCommitted')).toBe(report.units.total);
  expect(await sumOf('ShardsDone')).toBe(report.shards.total);
  expect(await sumOf('AttemptSeconds')).toBeGreaterThan(0);
  expect(await sumOf('AttemptPeakMemory')).toBeGreaterThan(0);
  client.destroy();
});

test('folders are for containers that have them mounted: a warning, and the same output', async () => {
  const mounted = await mkdtemp(join(tmpdir(), 'winnow-efs-'));
  try {
    await cp(join(runs.folder, 'in'), join(mounted, 'in'), { recursive: true });
    const folders = ['--source', join(mounted, 'in'), '--output', join(mounted, 'out')];
    const { code, stdout, stderr } = await runs.cloud.winnow(
      ['run', ...runs.on('-', ...folders), '--json'],
      runs.folder,
    );
    expect(code).toBe(0);
    expect(stderr).toContain(
      `winnow: ${mounted}/out is a folder: the job's containers must have it mounted under the same path (EFS), or they fail`,
    );
    const report = JSON.parse(stdout) as Report;
    const local = await runs.cloud.runReport(
      ['--source', join(mounted, 'in'), '--output', join(mounted, 'local'), ...runs.settings],
      runs.folder,
    );
    expect(essence(report)).toEqual(essence(local.report));
    expect(await partHashes(join(mounted, 'out'))).toEqual(await partHashes(join(mounted, 'local')));
  } finally {
    await rm(mounted, { recursive: true, force: true });
  }
});
