import type { Prices } from '@winnow/core';
import type { Billed, JobSize } from '../backend/array-backend.ts';
import { containerUsdPerSecond } from './container-price.ts';
import { expectedRequestsUsd, type ContainersWork } from './expected-requests.ts';
import { expectedSeconds, INPUT_BYTES } from './expected-seconds.ts';

/** What the container of one shard is to do. */
export type ShardWork = Omit<ContainersWork, 'containers'>;

/**
 * What a container for each of these shards is estimated to cost, in US dollars, with its requests and logs. On EC2, where the
 * machine is billed, as on Fargate on demand.
 */
export function shardEstimates(
  prices: Prices,
  size: JobSize,
  billed: Billed,
  shards: readonly ShardWork[],
): number[] {
  const usdPerSecond = containerUsdPerSecond(
    prices,
    size,
    billed.capacity === 'ec2' ? { ...billed, capacity: 'fargate' } : billed,
  );
  return shards.map(
    (work) =>
      expectedSeconds(work.decoded + work.inputs * INPUT_BYTES, size.vcpus) * usdPerSecond +
      expectedRequestsUsd(prices, { ...work, containers: 1 }),
  );
}
