import type { RunCost } from '@winnow/core';
import { countOf, countText } from '../report/figures.ts';
import { CPU_TIME } from './bill.ts';
import { usdText } from './usd.ts';

const quantityOf = ({ items }: RunCost, unit: string): number =>
  items.reduce((sum, item) => sum + (item.unit === unit && item.name !== CPU_TIME ? item.quantity : 0), 0);

/** What a run cost, a line or two for people; none where nothing was billed. */
export function costLines(cost: RunCost): string[] {
  const { actual, estimated, onDemand, prices, shards = [] } = cost;
  const [vcpuSeconds, gibSeconds] = [quantityOf(cost, 'vCPU-seconds'), quantityOf(cost, 'GB-seconds')];
  if (vcpuSeconds === 0) return [];
  const used = `${countText(vcpuSeconds)} vCPU-seconds and ${countText(gibSeconds)} GB-seconds`;
  if (actual === null || prices === undefined) return [`${used} on EC2, whose machines are billed`];
  const saved =
    onDemand !== undefined && onDemand - actual >= 0.00005 ? `, ${usdText(onDemand)} on demand` : '';
  const before = estimated === null ? '' : `, ${usdText(estimated)} estimated before`;
  const dearest = shards
    .slice(0, 3)
    .map(({ shard, attempts, usd }) => `${shard} (${usdText(usd)}, ${countOf(attempts, 'attempt')})`);
  return [
    `${usdText(actual)}${saved}${before} (${prices.region}, ${prices.date}): ${used}`,
    ...(dearest.length === 0 ? [] : [`dearest shards ${dearest.join(', ')}`]),
  ];
}
