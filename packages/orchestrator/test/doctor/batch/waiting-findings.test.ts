import { expect, test } from '@jest/globals';
import { waitingFindings } from '../../../src/doctor/batch/waiting-findings.ts';
import type { WaitingJobs } from '../../../src/doctor/batch/waiting-jobs.ts';
import { findingLine } from '../../../src/doctor/finding-text.ts';

const MINUTE = 60_000;
const NOW = 100 * MINUTE;
const NONE: WaitingJobs = { runnable: 0, more: false, running: 0, since: undefined, reasons: [] };
const wait = (minutes: number, more: Partial<WaitingJobs> = {}): WaitingJobs => ({
  ...{ ...NONE, runnable: 3, since: NOW - minutes * MINUTE },
  ...more,
});
const MAX = 'MISCONFIGURATION:COMPUTE_ENVIRONMENT_MAX_RESOURCE';

test.each<[string, WaitingJobs, RegExp[]]>([
  ['none', NONE, [/^ok {7}runnable jobs: no job of q waits for a place$/]],
  [
    'their turn comes, however long it takes',
    wait(90, { running: 2 }),
    [/^ok .* 3 jobs of q wait for a place, the first for 1:30:00 h: their turn comes, 2 run or start$/],
  ],
  ['not for long', wait(15), [/^ok .* the first for 15:00 min: none runs yet, which may take minutes$/]],
  [
    'one too long',
    wait(16, { runnable: 1 }),
    [
      /^warning {2}.* 1 job of q waits for a place, the first for 16:00 min, none runs, and AWS gives no reason: look at the subnets/,
    ],
  ],
  ['more than a page', wait(1, { more: true }), [/ at least 3 jobs of q wait /]],
  [
    'a reason, while others run, said of each in its own words: one line',
    wait(1, { running: 2, reasons: [`${MAX} - of one`, `${MAX} - of two`] }),
    [
      /^FAILED {3}.* min: a job asks for more vCPUs than maxvCpus of each compute environment: raise maxvCpus/,
    ],
  ],
  [
    'two reasons',
    wait(1, { reasons: [MAX, 'CAPACITY:INSUFFICIENT_INSTANCE_CAPACITY - x'] }),
    [/^FAILED .*maxvCpus/, /^warning .*no capacity/],
  ],
])('%s', (_what, waiting, lines) => {
  const found = waitingFindings('q', waiting, 15 * MINUTE, NOW).map(findingLine);
  expect(found).toEqual(lines.map((line) => expect.stringMatching(line)));
});
