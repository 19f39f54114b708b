import type { ContainerPrice, Prices } from '@winnow/core';
import type { Billed, JobSize } from '../backend/array-backend.ts';

const HOUR_SECONDS = 3600;
const GIB_MIB = 1024;

/**
 * What a container is billed by. What is not known is taken for the dearer: on demand, on x86. Undefined for containers
 * of EC2: their machine is billed, which may run others too.
 */
export function containerPrice(
  { fargate }: Prices,
  { capacity = 'fargate', architecture = 'x86' }: Billed,
): ContainerPrice | undefined {
  if (capacity === 'ec2') return undefined;
  return fargate[architecture][capacity === 'fargate-spot' ? 'spot' : 'onDemand'];
}

/** What each second of a container of this size costs, by its processors and by its memory. */
export function usdPerSecond(price: ContainerPrice, size: JobSize): { vcpus: number; memory: number } {
  return {
    vcpus: (size.vcpus * price.vcpuHour) / HOUR_SECONDS,
    memory: ((size.memoryMiB / GIB_MIB) * price.gibHour) / HOUR_SECONDS,
  };
}

/** The same in one sum; 0 where there is no price. */
export function containerUsdPerSecond(prices: Prices, size: JobSize, billed: Billed): number {
  const price = containerPrice(prices, billed);
  if (price === undefined) return 0;
  const { vcpus, memory } = usdPerSecond(price, size);
  return vcpus + memory;
}
