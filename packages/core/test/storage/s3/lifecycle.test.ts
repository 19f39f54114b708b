import type { LifecycleRule } from '@aws-sdk/client-s3';
import { expect, test } from '@jest/globals';
import { lifecycleFacts, type LifecycleFacts } from '../../../src/storage/s3/lifecycle.ts';

const abort = (days: number, more: Partial<LifecycleRule> = {}): LifecycleRule => ({
  Status: 'Enabled',
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: days },
  ...more,
});
const expire = (ID: string, more: Partial<LifecycleRule> = {}): LifecycleRule => ({
  ...{ ID, Status: 'Enabled', Expiration: { Days: 30 } },
  ...more,
});
const NOTHING: LifecycleFacts = { abortDays: undefined, expiring: [] };

test.each<[string, LifecycleRule[], LifecycleFacts]>([
  ['no rule', [], NOTHING],
  ['a rule for all keys', [abort(7, { Filter: { Prefix: '' } })], { abortDays: 7, expiring: [] }],
  ['a rule without a filter', [abort(7)], { abortDays: 7, expiring: [] }],
  ['the first of two to act', [abort(7), abort(2)], { abortDays: 2, expiring: [] }],
  ['a rule that is off', [abort(7, { Status: 'Disabled' })], NOTHING],
  ['a rule for a folder above', [abort(1, { Filter: { Prefix: 'lake/' } })], { abortDays: 1, expiring: [] }],
  ['a rule for another folder', [abort(1, { Filter: { Prefix: 'lake/in/' } })], NOTHING],
  ['a rule for a part of it', [abort(1, { Filter: { Prefix: 'lake/out/_winnow/' } })], NOTHING],
  ['the older form', [abort(1, { Prefix: 'logs/' })], NOTHING],
  [
    'several conditions',
    [abort(1, { Filter: { And: { Prefix: 'lake/out/', ObjectSizeGreaterThan: 1 } } })],
    { abortDays: 1, expiring: [] },
  ],
  ['an expiry of all', [expire('monthly')], { abortDays: undefined, expiring: ['monthly'] }],
  [
    'an expiry of a part of it',
    [expire('runs', { Filter: { Prefix: 'lake/out/_winnow/' } })],
    { abortDays: undefined, expiring: ['runs'] },
  ],
  ['an expiry elsewhere', [expire('in', { Filter: { Prefix: 'lake/in/' } })], NOTHING],
  [
    'a rule that only removes delete markers',
    [expire('markers', { Expiration: { ExpiredObjectDeleteMarker: true } })],
    NOTHING,
  ],
])('%s', (_what, rules, facts) => {
  expect(lifecycleFacts(rules, 'lake/out/')).toEqual(facts);
});
