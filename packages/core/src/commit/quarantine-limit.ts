import type { QuarantineLimit } from '../shapes/submission.ts';

/** Records after which a share says something while the run still goes on. */
export const SHARE_JUDGED_AFTER_RECORDS = 10_000;

/**
 * Whether records within the limit were quarantined.
 *
 * | limit | judged                                       | beyond when              |
 * |-------|----------------------------------------------|--------------------------|
 * | count | at any time                                  | quarantined > count      |
 * | share | after 10,000 records read; at the end always | quarantined > share×read |
 */
export function judgeQuarantine(
  limit: QuarantineLimit,
  records: { readonly read: number; readonly quarantined: number },
  ended: boolean,
): 'within' | 'beyond' {
  if ('records' in limit) return records.quarantined > limit.records ? 'beyond' : 'within';
  if (!ended && records.read < SHARE_JUDGED_AFTER_RECORDS) return 'within';
  return records.quarantined > limit.share * records.read ? 'beyond' : 'within';
}
