import { sizeText, typeText } from '@winnow/core';
import { usdText } from '../cost/usd.ts';
import { bytesText, countOf, durationText } from '../report/figures.ts';
import type { PlannedFile, PlanSummary } from '../operations/operations.ts';

/** What would be done with one input. */
export function dryRunLine({ input, bytes, decoded, firstUnit, units, refused }: PlannedFile): string {
  const size = bytesText(bytes).padStart(9);
  if (refused !== undefined) return `refuse ${size}  ${input}  (${refused})`;
  const where = units > 1 ? `units ${firstUnit} to ${firstUnit + units - 1}` : `unit ${firstUnit}`;
  return `read   ${size}  ${input}  (about ${bytesText(decoded)} decoded, ${where})`;
}

/** Of the run, of a shard, and how long it takes. */
function costLines({ minutes, usd, prices }: NonNullable<PlanSummary['cost']>, shards: number): string[] {
  const { spot, onDemand } = usd;
  const aShard = (sum: number): string => usdText(sum / Math.max(1, shards));
  return [
    `cost     about ${usdText(spot)} on Fargate Spot, ${usdText(onDemand)} on demand (x86, ${prices.region}, ${prices.date})`,
    `         a shard about ${aShard(spot)} or ${aShard(onDemand)}`,
    `time     about ${durationText(minutes * 60)} once places are to be had`,
  ];
}

/** The sums, a line each. */
export function dryRunFooter(plan: PlanSummary): string {
  const columns = plan.columns.map((column) => `${column.name} ${typeText(column)}`).join(', ');
  return [
    '',
    `inputs   ${countOf(plan.inputs, 'input')}, ${bytesText(plan.bytes)} (about ${bytesText(plan.decoded)} decoded)` +
      (plan.refused > 0 ? `, ${countOf(plan.refused, 'input')} refused` : ''),
    `units    ${countOf(plan.units, 'unit')} of ${sizeText(plan.unitBytes)} in ${countOf(plan.shards, 'shard')}`,
    plan.container === undefined
      ? `workers  ${countOf(plan.concurrency, 'process', 'processes')} of at most ${plan.memoryMiB} MiB`
      : `workers  ${countOf(plan.shards, 'container')} of at most ${plan.container.vcpus} vCPU and ${plan.container.memoryMiB} MiB`,
    ...(plan.cost === undefined ? [] : costLines(plan.cost, plan.shards)),
    ...plan.warnings.map((warning) => `memory   ${warning}`),
    `columns  ${columns}`,
    'Nothing was written: leave --dry-run out to run it.',
  ].join('\n');
}
