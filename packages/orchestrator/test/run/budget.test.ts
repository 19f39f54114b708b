import { describe, expect, test } from '@jest/globals';
import type { FailureCause } from '../../src/failure-cause.ts';
import { decideRetry, type FailedAttempt } from '../../src/run/budget.ts';

const failed = (cause: FailureCause, neededMiB?: number): FailedAttempt => ({
  cause,
  memoryMiB: 512,
  neededMiB,
});
const times = (n: number, attempt: FailedAttempt): FailedAttempt[] => Array<FailedAttempt>(n).fill(attempt);
const again = { again: true, memoryMiB: 512, waitMs: 0 };

describe('a shard after its failed attempts', () => {
  test.each<[string, FailedAttempt[], object]>([
    ['interrupted once', times(1, failed('interrupted')), again],
    ['interrupted 19 times: still free', times(19, failed('interrupted')), again],
    ['interrupted 20 times', times(20, failed('interrupted')), { again: false, why: '20 attempts' }],
    ['a failure that may pass', times(1, failed('transient')), { ...again, waitMs: 3750 }],
    ['two of them wait longer', times(2, failed('transient')), { ...again, waitMs: 7500 }],
    [
      'interrupted after two failures: it costs nothing',
      [...times(2, failed('transient')), failed('interrupted')],
      again,
    ],
    ['three failures', times(3, failed('transient')), { again: false, why: '3 failures' }],
    [
      'three failures of different causes',
      [failed('transient'), failed('killed'), failed('interrupted'), failed('no-receipt')],
      { again: false, why: '3 failures' },
    ],
    ['a bug gets one more try', [failed('bug')], again],
    ['a bug twice', times(2, failed('bug')), { again: false, why: '2 failures' }],
    ['a bad configuration', [failed('configuration')], { again: false, why: 'configuration' }],
    ['two attempts that made different bytes', [failed('conflict')], { again: false, why: 'conflict' }],
    ['cancelled', [failed('cancelled')], { again: false, why: 'cancelled' }],
    [
      'out of memory: the size it asked for',
      [failed('out-of-memory', 4096)],
      { again: true, memoryMiB: 4096, waitMs: 0 },
    ],
    [
      'out of memory without a wish: the next size',
      [failed('out-of-memory')],
      { again: true, memoryMiB: 1024, waitMs: 0 },
    ],
    [
      'out of memory with the largest size',
      [{ cause: 'out-of-memory', memoryMiB: 30720 }],
      { again: false, why: 'no memory class over 30720 MiB' },
    ],
  ])('%s', (_title, attempts, decision) => {
    expect(decideRetry(attempts, () => 0.5)).toEqual(decision);
  });
});
