import { expect, test } from '@jest/globals';
import { arrayStatus, jobStatus, statusSummary, type JobStatus } from '../../src/moto-gaps/job-status.ts';

const record = (state: 'waiting' | 'running' | 'ended') => ({ state, attempts: [], startedAt: undefined });

test.each([
  ['RUNNING', undefined, 'RUNNABLE'],
  ['RUNNING', record('waiting'), 'RUNNABLE'],
  ['RUNNING', record('running'), 'RUNNING'],
  ['RUNNING', record('ended'), 'RUNNING'],
  ['SUBMITTED', undefined, 'RUNNABLE'],
  ['SUCCEEDED', record('ended'), 'SUCCEEDED'],
  ['FAILED', record('ended'), 'FAILED'],
  ['FAILED', undefined, 'FAILED'],
] as const)('moto says %s, the container is %j: %s', (ofMoto, container, expected) => {
  expect(jobStatus(ofMoto, container)).toBe(expected);
});

test.each<[JobStatus[], JobStatus]>([
  [['RUNNABLE', 'RUNNABLE'], 'PENDING'],
  [['SUCCEEDED', 'RUNNING'], 'PENDING'],
  [['FAILED', 'RUNNABLE'], 'PENDING'],
  [['SUCCEEDED', 'SUCCEEDED'], 'SUCCEEDED'],
  [['SUCCEEDED', 'FAILED'], 'FAILED'],
])('an array of %j is %s', (children, expected) => {
  expect(arrayStatus(children)).toBe(expected);
});

test('the summary names every status', () => {
  expect(statusSummary(['RUNNING', 'FAILED', 'RUNNING'])).toEqual({
    SUBMITTED: 0,
    PENDING: 0,
    RUNNABLE: 0,
    STARTING: 0,
    RUNNING: 2,
    SUCCEEDED: 0,
    FAILED: 1,
  });
});
