import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runKeys, type Attempt, type Intent } from '@winnow/core';
import { billedSeconds } from '../../src/cost/billed-seconds.ts';
import { REQUESTS } from '../../src/cost/estimate.ts';
import { SHARDS, startBatchRuns, type BatchRuns } from './batch-runs.ts';

let runs: BatchRuns;
beforeAll(async () => {
  runs = await startBatchRuns();
});
afterAll(() => runs.stop());

test('a run stops at --max-cost and goes on with more; its report has what all of it cost, on Spot', async () => {
  // A container of 1 vCPU and 2 GB is a minute at least: $0.00041 on Spot.
  const poor = await runs.cloud.runReport(runs.on('cost', '--max-cost', '0.0021'), runs.folder);
  expect(poor.code).toBe(1);
  expect(poor.report).toMatchObject({ state: 'failed', balanced: false, shards: { failed: 0 } });
  expect(poor.report.problems.join('\n')).toMatch(/--max-cost allows \$0\.0021, about \$0\.\d+ is spent/);
  const { code, report } = await runs.cloud.runReport(runs.on('cost', '--max-cost', '1'), runs.folder);
  expect(code).toBe(0);
  await runs.expectUndisturbed('cost', report);

  const keys = runKeys(report.runId);
  const { objects } = runs.cloud;
  const read = async <T>(key: string): Promise<T> => JSON.parse((await objects.get(key)).toString()) as T;
  const attempts = await Promise.all(
    (await objects.keys(`cost/${keys.attempts}`)).map((key) => read<Attempt>(key)),
  );
  const seconds = attempts.reduce((sum, attempt) => sum + billedSeconds(attempt), 0);
  expect(seconds).toBeGreaterThanOrEqual(SHARDS * 60);
  const { cost } = report;
  const [vcpus, memory, writes, reads, logs] = cost.items;
  expect(vcpus).toMatchObject({ name: 'Fargate Spot x86, vCPU', quantity: seconds });
  expect(memory).toMatchObject({ name: 'Fargate Spot x86, memory', quantity: seconds * 2 });
  expect(logs).toMatchObject({ unit: 'GB' });
  expect(cost.actual).toBeCloseTo(
    cost.items.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
    5,
  );
  const ofContainers = (vcpus?.usd ?? 0) + (memory?.usd ?? 0);
  expect(cost.onDemand).toBeCloseTo((cost.actual ?? 0) + ofContainers, 5);
  expect(cost.shards).toHaveLength(SHARDS);

  // A minute a container and a little for its work; requests are no more than reckoned with.
  const minutes = (SHARDS * (0.02024 + 2 * 0.0022225)) / 60;
  expect(cost.estimated).toBeGreaterThan(minutes);
  expect(cost.estimated).toBeLessThan(minutes * 1.5);
  const { total: units } = report.units;
  const { total: inputs } = report.inputs;
  const { shard, unit, input } = REQUESTS;
  expect(writes?.quantity).toBeGreaterThan(units);
  expect(writes?.quantity).toBeLessThanOrEqual(SHARDS * shard.writes + units * unit.writes);
  expect(reads?.quantity).toBeGreaterThan(inputs);
  expect(reads?.quantity).toBeLessThanOrEqual(
    SHARDS * shard.reads + units * unit.reads + inputs * input.reads,
  );

  expect(attempts.reduce((sum, { requests }) => sum + (requests?.writes ?? NaN), 0)).toBe(writes?.quantity);
  const intent = await read<Intent>(`cost/${keys.intent(0)}`);
  expect(intent.job).toMatchObject({ capacity: 'fargate-spot', architecture: 'x86' });
  const { stdout } = await runs.cloud.winnow(['report', 's3://lake/cost'], runs.folder);
  expect(stdout).toMatch(
    /cost {5}\$0\.\d+ by prices of us-east-1, 2026-11; Spot saved \$0\.\d+ of \$0\.\d+ on demand; \$0\.\d+ estimated before/,
  );
});
