/** A hook's call is short, or is given up: its clients have this of theirs. Three tries are the SDK's own. */
export const SHORT_CALLS = {
  requestHandler: { connectionTimeout: 5000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

/** The region that an ARN names. */
export const regionOf = (arn: string): string => arn.split(':')[3] ?? '';
