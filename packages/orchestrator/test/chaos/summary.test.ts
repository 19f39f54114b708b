import { expect, test } from '@jest/globals';
import type { JobResult } from './job.ts';
import { summaryOf, summaryText } from './summary.ts';

const job = (seed: number, problems: string[]): JobResult => ({
  seed,
  folder: `/chaos/seed-${seed}`,
  commands: 4,
  kills: { 'worker SIGKILL': 3, 'worker SIGTERM': 2, 'command SIGKILL': 1, 'command SIGTERM': 0 },
  others: { frozen: 1, 'late writers': 1, 'full disk': 0 },
  journal: { faults: { 'sync EIO': 2, [`open slow`]: seed }, redone: 5, met: 2 },
  hadRealDisk: false,
  lost: 0,
  doubled: problems.length,
  problems,
});

test('a summary adds up the jobs and names each difference with its seed and folder', () => {
  const summary = summaryOf(7, [job(7, []), job(8, ['a part is missing'])], 12.34);
  expect(summary).toEqual({
    seed: 7,
    jobs: 2,
    kills: {
      'worker SIGKILL': 6,
      'worker SIGTERM': 4,
      'command SIGKILL': 2,
      'command SIGTERM': 0,
      total: 12,
    },
    others: { frozen: 2, 'late writers': 2, 'full disk': 0 },
    faults: { 'sync EIO': 4, 'open slow': 15 },
    resumes: 6,
    redone: 10,
    met: 4,
    lost: 0,
    doubled: 1,
    problems: [{ seed: 8, folder: '/chaos/seed-8', problem: 'a part is missing' }],
    seconds: 12.3,
  });
  expect(summaryText(summary)).toContain('seed 8, /chaos/seed-8: a part is missing\n');
  expect(summaryText(summary)).toContain('met      4 workers');
  expect(summaryText(summary)).toContain('kills    12: 6 worker SIGKILL, 4 worker SIGTERM');
  expect(summaryText(summary)).toMatch(/1 differences: the folders are kept$/);
  expect(summaryText(summaryOf(7, [job(7, [])], 1))).toMatch(/byte for byte that of the undisturbed run$/);
});
