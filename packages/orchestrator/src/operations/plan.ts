import {
  draftPlan,
  groupShards,
  processMemoryMiB,
  specHash,
  type PlanDraft,
  type Spec,
  type UnitShare,
} from '@winnow/core';
import { columnsOf, draftOptions } from '../run/plan-generation.ts';
import { openInputs } from '../run/place.ts';
import { fargateSize } from '../backend/aws-batch/fargate-size.ts';
import { expectedMinutes, expectedUsd, expectRun } from '../cost/estimate.ts';
import { US_EAST_1 } from '../cost/us-east-1.ts';
import { memoryNeeds } from '../run/memory-needs.ts';
import { unitsPerArrayShard, unitsPerShard } from '../run/shard-size.ts';
import type { OperationsEdge } from './edge.ts';
import type { PlanHooks, PlannedFile, PlanSummary } from '../operations/operations.ts';

/** What a run of the spec over everything there is would do: as `run` plans it, without writing anything. */
export async function planSpec(spec: Spec, edge: OperationsEdge, hooks: PlanHooks): Promise<PlanSummary> {
  hooks.onEvent({ kind: 'planning' });
  const source = await openInputs(spec, { cwd: hooks.cwd, openStorage: edge.openStorage });
  const draft = await draftPlan({
    storage: source.storage,
    inputs: source.list(),
    ...draftOptions(spec),
    signal: hooks.signal,
  });
  try {
    let refused = 0;
    for await (const file of plannedFiles(draft)) {
      if (file.refused !== undefined) refused++;
      await hooks.onInput(file);
    }
    return { ...summaryOf(spec, draft, edge), specHash: specHash(spec, { sourceRoot: hooks.cwd }), refused };
  } finally {
    await draft.dispose();
  }
}

/** Each input once, with the units it is in. Ranges of one input stand in consecutive units. */
async function* plannedFiles(draft: PlanDraft): AsyncGenerator<PlannedFile> {
  let held: PlannedFile | undefined;
  for await (const share of draft.shares()) {
    if (held?.input === share.input.key) {
      held = { ...held, units: held.units + 1, decoded: held.decoded + share.decoded };
      continue;
    }
    if (held) yield held;
    held = fileOf(share);
  }
  if (held) yield held;
}

function fileOf({ input, unit, decoded }: UnitShare): PlannedFile {
  const file = { input: input.key, bytes: input.size, decoded, firstUnit: unit, units: 1 };
  return input.refuse === undefined ? file : { ...file, refused: input.refuse };
}

/** What it is estimated to take on Fargate: nobody was asked what the queue has, so it is told for both. */
function costOf(
  spec: Spec,
  draft: PlanDraft,
  unitsOfShard: number,
  columns: PlanSummary['columns'],
): NonNullable<PlanSummary['cost']> {
  const expected = expectRun({
    ...{ classes: draft.classes, grouping: groupShards(draft.classes, unitsOfShard) },
    ...{ decoded: draft.decoded, inputs: draft.inputs, unitBytes: draft.unitBytes },
    ...{ columns, memoryMiB: spec.memory },
    sizeOf: (memoryMiB) => fargateSize(memoryMiB, spec.vcpus) ?? { vcpus: Math.ceil(spec.vcpus), memoryMiB },
  });
  const prices = spec.prices ?? US_EAST_1;
  const { date, region, source } = prices;
  return {
    minutes: expectedMinutes(expected, spec.maxRunning),
    usd: {
      spot: expectedUsd(expected, prices, { capacity: 'fargate-spot' }),
      onDemand: expectedUsd(expected, prices, { capacity: 'fargate' }),
    },
    prices: { date, region, source },
  };
}

function summaryOf(
  spec: Spec,
  draft: PlanDraft,
  edge: OperationsEdge,
): Omit<PlanSummary, 'refused' | 'specHash'> {
  const columns = columnsOf(draft.columns, spec);
  const given = spec.memory;
  const sizes = draft.classes.map(({ memoryMiB }) => processMemoryMiB(memoryMiB, given, columns));
  const memoryMiB = Math.max(given, ...sizes);
  const concurrency = edge.processes(spec, memoryMiB);
  const chosen =
    spec.backend === 'aws-batch'
      ? unitsPerArrayShard(draft)
      : unitsPerShard(draft.classes, draft.decoded, concurrency);
  const size = spec.shardUnits ?? chosen;
  const container = spec.backend === 'aws-batch' ? fargateSize(memoryMiB, spec.vcpus) : undefined;
  return {
    inputs: draft.inputs,
    units: draft.units,
    shards: draft.classes.reduce((sum, { units }) => sum + Math.ceil(units / size), 0),
    bytes: draft.bytes,
    decoded: draft.decoded,
    unitBytes: draft.unitBytes,
    memoryMiB,
    concurrency,
    ...(container === undefined ? {} : { container }),
    ...(spec.backend === 'aws-batch' && { cost: costOf(spec, draft, size, columns) }),
    warnings: memoryNeeds(draft.classes, columns, given),
    columns,
  };
}
