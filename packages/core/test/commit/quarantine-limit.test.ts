import { expect, test } from '@jest/globals';
import { judgeQuarantine } from '../../src/commit/quarantine-limit.ts';
import type { QuarantineLimit } from '../../src/shapes/submission.ts';

test.each<[QuarantineLimit, number, number, boolean, 'within' | 'beyond']>([
  [{ records: 0 }, 5, 0, false, 'within'],
  [{ records: 0 }, 5, 1, false, 'beyond'],
  [{ records: 3 }, 5, 3, true, 'within'],
  [{ share: 0.1 }, 9_999, 5_000, false, 'within'],
  [{ share: 0.1 }, 10_000, 1_001, false, 'beyond'],
  [{ share: 0.1 }, 10_000, 1_000, false, 'within'],
  [{ share: 0.1 }, 100, 11, true, 'beyond'],
  [{ share: 0.1 }, 100, 10, true, 'within'],
  [{ share: 0 }, 0, 0, true, 'within'],
])('%j, %d read, %d quarantined, ended %s: %s', (limit, read, quarantined, ended, expected) => {
  expect(judgeQuarantine(limit, { read, quarantined }, ended)).toBe(expected);
});
