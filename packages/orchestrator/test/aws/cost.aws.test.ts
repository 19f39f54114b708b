import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runKeys, type Attempt, type ContainerPrice, type Intent, type Prices } from '@winnow/core';
import { billedSeconds } from '../../src/cost/billed-seconds.ts';
import { expectedRequests } from '../../src/cost/expected-requests.ts';
import type { PlanSummary } from '../../src/operations/operations.ts';
import { US_EAST_1 } from '../../src/cost/us-east-1.ts';
import { SHARDS, startBatchRuns, type BatchRuns } from './batch-runs.ts';

let runs: BatchRuns;
beforeAll(async () => {
  runs = await startBatchRuns();
});
afterAll(() => runs.stop());

const US = US_EAST_1.fargate.x86;
const twice = ({ vcpuHour, gibHour }: ContainerPrice): ContainerPrice => ({
  vcpuHour: 2 * vcpuHour,
  gibHour: 2 * gibHour,
});
const DOUBLE: Prices = {
  ...{ ...US_EAST_1, date: '2026-10-31', region: 'eu-west-1', source: 'made up' },
  fargate: { ...US_EAST_1.fargate, x86: { onDemand: twice(US.onDemand), spot: twice(US.spot) } },
};

test('a run stops at --max-cost and goes on with more; its report has what all of it cost, on Spot', async () => {
  // A container of 1 vCPU and 2 GB is a minute at least: $0.00041 on Spot.
  const poor = await runs.cloud.runReport(runs.on('cost', '--max-cost', '0.0021'), runs.folder);
  expect(poor.code).toBe(1);
  expect(poor.report).toMatchObject({ state: 'failed', balanced: false, shards: { failed: 0 } });
  expect(poor.report.problems.join('\n')).toMatch(/--max-cost allows \$0\.0021, about \$0\.\d+ is spent/);
  expect(poor.report.cost.actual).toBeLessThanOrEqual(0.0021);
  expect(poor.report.cost.actual).toBeGreaterThan(0.001);

  await writeFile(join(runs.folder, 'prices.json'), JSON.stringify(DOUBLE));
  const args = runs.on('cost', '--max-cost', '1', '--prices', 'prices.json');
  const { code, report } = await runs.cloud.runReport(args, runs.folder);
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
  expect(vcpus?.usd).toBeCloseTo((seconds * 2 * 0.02024) / 3600, 5);
  expect(cost.prices).toEqual({ date: '2026-10-31', region: 'eu-west-1', source: 'made up' });
  const ofContainers = (vcpus?.usd ?? 0) + (memory?.usd ?? 0);
  expect(cost.onDemand).toBeCloseTo((cost.actual ?? 0) + ofContainers, 5);
  expect(cost.shards).toHaveLength(SHARDS);

  // Estimated by the first command, with its prices: a minute a container and a little for its work; requests are no more than reckoned with.
  const minutes = (SHARDS * (0.02024 + 2 * 0.0022225)) / 60;
  expect(cost.estimated).toBeGreaterThan(minutes);
  expect(cost.estimated).toBeLessThan(minutes * 1.5);
  const expected = expectedRequests({
    ...{ containers: SHARDS, units: report.units.total, inputs: report.inputs.total },
    ...{ decoded: report.bytes.decoded, unitBytes: 256 * 1024 },
  });
  for (const [kind, item] of [
    ['writes', writes],
    ['reads', reads],
  ] as const) {
    expect(item?.quantity).toBeLessThanOrEqual(expected[kind]);
    expect(item?.quantity).toBeGreaterThan(expected[kind] / 2);
  }

  expect(attempts.reduce((sum, { requests }) => sum + (requests?.writes ?? NaN), 0)).toBe(writes?.quantity);
  const intent = await read<Intent>(`cost/${keys.intent(0)}`);
  expect(intent.job).toMatchObject({ capacity: 'fargate-spot', architecture: 'x86' });
  const { stdout } = await runs.cloud.winnow(['report', 's3://lake/cost'], runs.folder);
  expect(stdout).toMatch(
    /cost {5}\$0\.\d+ by prices of eu-west-1, 2026-10-31; Spot saved \$0\.\d+ of \$0\.\d+ on demand; \$0\.\d+ estimated before/,
  );

  const planned = async (...more: string[]) =>
    JSON.parse(
      (await runs.cloud.winnow(['plan', ...runs.on('cost', ...more), '--json'], runs.folder)).stdout,
    ) as {
      cost: NonNullable<PlanSummary['cost']>;
    };
  const { usd } = (await planned()).cost;
  expect(usd.spot).toBe(cost.estimated);
  const dear = (await planned('--prices', 'prices.json')).cost;
  expect(dear.usd.spot).toBeGreaterThan(usd.spot * 1.5);
  expect(dear.usd.onDemand).toBeGreaterThan(usd.onDemand * 1.5);
  expect(dear.prices.region).toBe('eu-west-1');
});
