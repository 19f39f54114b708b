import { expect, test } from '@jest/globals';
import { REPORT, SUMMARY } from './summary.ts';

test('a summary is the report without its long lists', () => {
  expect(SUMMARY).toMatchObject({
    runId: REPORT.runId,
    state: 'partial',
    records: REPORT.records,
    inputs: { total: 30, done: 18, refusals: 12 },
    units: REPORT.units,
    shards: REPORT.shards,
    attempts: REPORT.attempts,
    cost: REPORT.cost,
    time: REPORT.time,
    output: 's3://lake/out',
    report: 's3://lake/out/_winnow/0003-89abcdef/report.json',
  });
  expect(SUMMARY.inputs.refused).toEqual(REPORT.inputs.refused.slice(0, 10));
  expect(SUMMARY.problems.map((line) => line.length)).toEqual(Array.from({ length: 20 }, () => 1000));
  expect(Object.keys(SUMMARY)).not.toContain('parts');
});
