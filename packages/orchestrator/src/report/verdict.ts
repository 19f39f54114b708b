import type { Report } from '@winnow/core';

/** Whether everything is accounted for: what is not done yet cannot be, and is no fault of the account. */
export type Verdict = 'balanced' | 'unfinished' | 'unbalanced';

export function verdictOf({ balanced, units }: Pick<Report, 'balanced' | 'units'>): Verdict {
  if (balanced) return 'balanced';
  return units.committed < units.total ? 'unfinished' : 'unbalanced';
}
