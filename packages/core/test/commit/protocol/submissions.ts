import { expect, test } from '@jest/globals';
import {
  createSubmission,
  highestStop,
  isStopped,
  nextSubmission,
  requestStop,
  submissionNumbers,
  writeOutcome,
} from '../../../src/commit/submissions.ts';
import { runKeys } from '../../../src/run-keys.ts';
import { toyPlan, toyRun } from '../small-run.ts';
import { toyIntent } from '../toy-command.ts';
import type { FreshStorage } from './fresh-storage.ts';

const { units, classes } = toyPlan([{ key: 'a', size: 1, pin: '' }]);
const run = toyRun(units, classes);
const keys = runKeys(run.runId);

export function submissionsSuite(fresh: FreshStorage): void {
  test('submissions are numbered in turn, also by two at once', async () => {
    const storage = await fresh();
    const made = await Promise.all([1, 2, 3].map(() => createSubmission(storage, keys, toyIntent(run))));
    expect(made.map(({ n }) => n).sort()).toEqual([0, 1, 2]);
    expect(await submissionNumbers(storage, keys)).toEqual([0, 1, 2]);
    await writeOutcome(storage, keys, { n: 0, endedAt: '', failed: [] });
    expect(await nextSubmission(storage, keys)).toBe(3);
  });

  test('a cancel stops what was submitted, a resume starts above it', async () => {
    const storage = await fresh();
    expect(await requestStop(storage, keys, 'now')).toBeUndefined();
    for (let n = 0; n < 11; n++) await createSubmission(storage, keys, toyIntent(run));
    expect(await requestStop(storage, keys, 'now')).toBe(10);
    expect(await requestStop(storage, keys, 'again')).toBe(10);
    const stop = await highestStop(storage, keys);
    expect([0, 9, 10, 11].map((n) => isStopped(n, stop))).toEqual([true, true, true, false]);
    expect((await createSubmission(storage, keys, toyIntent(run))).n).toBe(11);
    expect(isStopped(0, undefined)).toBe(false);
  });
}
