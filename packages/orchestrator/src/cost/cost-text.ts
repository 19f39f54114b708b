import type { RunCost } from '@winnow/core';
import { bytesText, countOf, countText } from '../report/figures.ts';
import { CPU_TIME } from './bill.ts';
import { usdText } from './usd.ts';

/** Shards that a terminal shows; the report has more. */
const SHOWN_SHARDS = 3;

/** All of a unit: how much, and what it costs. */
function sumOf({ items }: RunCost, unit: string): { quantity: number; usd: number } {
  const of = items.filter((item) => item.unit === unit && item.name !== CPU_TIME);
  return {
    quantity: of.reduce((sum, { quantity }) => sum + quantity, 0),
    usd: of.reduce((sum, { usd }) => sum + (usd ?? 0), 0),
  };
}

/** What a run cost, a few lines for people; none where nothing was billed. */
export function costLines(cost: RunCost): string[] {
  const [vcpus, memory] = [sumOf(cost, 'vCPU-seconds'), sumOf(cost, 'GB-seconds')];
  if (vcpus.quantity === 0) return [];
  const used = `${countText(vcpus.quantity)} vCPU-seconds and ${countText(memory.quantity)} GB-seconds`;
  const { actual, prices } = cost;
  if (actual === null || prices === undefined)
    return [`not known: ${used}, of them on EC2, which bills machines and not containers`];
  const [requests, logs] = [sumOf(cost, 'requests'), sumOf(cost, 'GB')];
  const parts = [
    `${used} ${usdText(vcpus.usd + memory.usd)}`,
    ...(requests.quantity > 0
      ? [`${countOf(requests.quantity, 'S3 request')} of workers ${usdText(requests.usd)}`]
      : []),
    ...(logs.quantity > 0 ? [`about ${bytesText(logs.quantity * 1e9)} of logs ${usdText(logs.usd)}`] : []),
  ];
  return [
    `${usdText(actual)} by prices of ${prices.region}, ${prices.date}${savedText(cost)}${estimatedText(cost)}`,
    parts.join(', '),
    ...shardsText(cost),
  ];
}

/** Less than that is rounding. */
const SAVED_USD = 0.00005;

function savedText({ actual, onDemand }: RunCost): string {
  const saved = (onDemand ?? 0) - (actual ?? 0);
  return saved < SAVED_USD ? '' : `; Spot saved ${usdText(saved)} of ${usdText(onDemand ?? 0)} on demand`;
}

const estimatedText = ({ estimated }: RunCost): string =>
  estimated === null ? '' : `; ${usdText(estimated)} estimated before`;

function shardsText({ shards = [] }: RunCost): string[] {
  const dearest = shards
    .slice(0, SHOWN_SHARDS)
    .map(({ shard, attempts, usd }) => `${shard} (${usdText(usd)}, ${countOf(attempts, 'attempt')})`);
  return dearest.length === 0 ? [] : [`dearest shards ${dearest.join(', ')}`];
}
