import type { Prices } from '@winnow/core';
import type { Billed, JobSize } from '../backend/array-backend.ts';
import { containerUsdPerSecond } from './container-price.ts';
import { expectedSeconds } from './expected-seconds.ts';

/**
 * What a container for each of these decoded bytes is estimated to cost, in US dollars. On EC2, where the machine is billed,
 * as on Fargate on demand.
 */
export function shardEstimates(
  prices: Prices,
  size: JobSize,
  billed: Billed,
  decoded: readonly number[],
): number[] {
  const usdPerSecond = containerUsdPerSecond(
    prices,
    size,
    billed.capacity === 'ec2' ? { ...billed, capacity: 'fargate' } : billed,
  );
  return decoded.map((bytes) => expectedSeconds(bytes, size.vcpus) * usdPerSecond);
}
