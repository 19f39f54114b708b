import type { LifecycleRule } from '@aws-sdk/client-s3';

/** What a bucket's lifecycle rules do to what lies below a prefix. */
export interface LifecycleFacts {
  /** After how many days parts of uploads that nobody completed are removed; undefined = never. */
  readonly abortDays: number | undefined;
  /** Names of the rules that remove objects there, or some of them. */
  readonly expiring: readonly string[];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_LifecycleRule.html */
export function lifecycleFacts(rules: readonly LifecycleRule[], prefix: string): LifecycleFacts {
  const enabled = rules.filter(({ Status }) => Status === 'Enabled');
  const abortDays = enabled
    // A rule for a part of the prefix leaves the rest of it as it is.
    .filter((rule) => prefix.startsWith(prefixOf(rule)))
    .flatMap(
      ({ AbortIncompleteMultipartUpload }) => AbortIncompleteMultipartUpload?.DaysAfterInitiation ?? [],
    );
  const expiring = enabled
    .filter(({ Expiration }) => Expiration?.Days !== undefined || Expiration?.Date !== undefined)
    .filter((rule) => prefix.startsWith(prefixOf(rule)) || prefixOf(rule).startsWith(prefix));
  return {
    abortDays: abortDays.length === 0 ? undefined : Math.min(...abortDays),
    expiring: expiring.map(({ ID }) => ID ?? 'without a name'),
  };
}

/** Older rules have it beside the filter, and those with several conditions deeper in it. */
function prefixOf(rule: LifecycleRule): string {
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- buckets still have such rules
  return rule.Filter?.Prefix ?? rule.Filter?.And?.Prefix ?? rule.Prefix ?? '';
}
