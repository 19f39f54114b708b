import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import { startBatchRuns, type BatchRuns } from './batch-runs.ts';
import { BUCKET } from './cloud.ts';

const OUTPUT = 'again';

let runs: BatchRuns;
beforeAll(async () => {
  runs = await startBatchRuns({ faults: { seed: 3, share: 0.03, stallMs: 200 } });
});
afterAll(() => runs.stop());

const hashes = async (): Promise<string[]> =>
  Object.values(await runs.cloud.objects.partHashes(`${OUTPUT}/`)).sort();
const names = async (): Promise<string[]> => Object.keys(await runs.cloud.objects.partHashes(`${OUTPUT}/`));
const expectWhole = async (): Promise<void> => {
  const verified = await runs.cloud.winnow(['verify', `s3://${BUCKET}/${OUTPUT}`], runs.folder);
  expect(verified).toMatchObject({ code: 0 });
};

test('a run that replaces does all anew on AWS Batch and takes the place of the first', async () => {
  const first = await runs.cloud.runReport(runs.on(OUTPUT), runs.folder);
  expect(first.code).toBe(0);
  const before = await hashes();
  const { code, report } = await runs.cloud.runReport(runs.on(OUTPUT, '--resume', 'false'), runs.folder);
  expect(code).toBe(0);
  expect(report.runId).toMatch(/^0001-/);
  expect(report.records).toEqual(first.report.records);
  expect((await names()).every((name) => name.startsWith(`part-${report.runId}-`))).toBe(true);
  expect(await hashes()).toEqual(before);
  expect(await runs.cloud.objects.keys(`${OUTPUT}/_winnow/${report.runId}/parts/`)).toEqual([]);
  await expectWhole();
});

test('what is in quarantine is redriven on AWS Batch: bad records are bad again, and none is lost', async () => {
  const redrive = ['redrive', ...runs.on(OUTPUT), '--json'];
  const { code, stdout, stderr } = await runs.cloud.winnow(redrive, runs.folder);
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const { runId, records } = JSON.parse(stdout) as Report;
  expect(runId).toMatch(/^0002-/);
  expect(records).toEqual({ read: 9, written: 0, filtered: 0, quarantined: 9 });
  await expectWhole();
});
