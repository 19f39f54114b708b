import {
  ConfigurationError,
  groupShards,
  isS3Uri,
  readRun,
  runKeys,
  runUri,
  shardCount,
  sumLedger,
  sweepClosed,
  zstdTextCodec,
  type Intent,
  type Report,
  type RunFile,
  type ShardSegment,
  type Spec,
  type Storage,
} from '@winnow/core';
import type { ArrayBackend } from '../backend/array-backend.ts';
import type { Backend } from '../backend/backend.ts';
import { expectedUsd, expectRun } from '../cost/estimate.ts';
import { US_EAST_1 } from '../cost/us-east-1.ts';
import type { OperationsEdge, TakingPart } from '../operations/edge.ts';
import { assertSecretsPlaced } from '../hooks/reveal-secrets.ts';
import type { Hooks, RunHooks, RunResult } from '../operations/operations.ts';
import { arrayPolicy } from './arrays/array-policy.ts';
import { liveArrays, type LiveArray } from './arrays/live-array.ts';
import { workOffArrays } from './arrays/work-off-arrays.ts';
import { closeWithReport } from './close.ts';
import { assertPossible, decide } from './decide.ts';
import { DriftWatch } from './drift-watch.ts';
import { FailedShards } from './failed-shards.ts';
import { memoryNeeds } from './memory-needs.ts';
import { MemoryNotice } from './memory-notice.ts';
import { openPlace } from './place.ts';
import { closedReport } from './pull/closed-report.ts';
import { latestPull, openPull } from './pull/pull-submission.ts';
import { workOffClaims } from './pull/work-off-claims.ts';
import { retain } from './retain.ts';
import type { RunPlace, WorkDone } from './run-place.ts';
import { tellEnding } from './tell-ending.ts';
import { unitsPerArrayShard, unitsPerShard } from './shard-size.ts';
import { workOffProcesses } from './work-off-processes.ts';

/**
 * Plans or joins a run and works it off: the same command again goes on where the last one stopped, does what is
 * new, or finds nothing to do.
 */
export async function runSpec(spec: Spec, edge: OperationsEdge, hooks: RunHooks): Promise<RunResult> {
  const startedAt = edge.now();
  const { intention = 'resume' } = hooks;
  assertPossible(spec, intention);
  assertSecretsPlaced(spec, edge.environment);
  hooks.onEvent({ kind: 'planning' });
  const { output, source } = await openPlace(spec, { cwd: hooks.cwd, openStorage: edge.openStorage });
  const backend = await openBackend(spec, [source.root, output.uri], edge, hooks);
  const decided = await decide(
    spec,
    { output, source, cwd: hooks.cwd, now: edge.now, sleep: edge.sleep, intention },
    hooks.signal,
  );
  if (decided.kind === 'nothing') {
    // What a killed twin left after the close is swept by the next same command: this one.
    await sweepClosed(output, await readRun(output, decided.runId), zstdTextCodec);
    await retain(spec, output, edge, hooks);
    return { kind: 'nothing-to-do', runId: decided.runId, changed: decided.changed };
  }
  const planned = { run: decided.run, output, spec, backend, startedAt };
  const { report, isTeller } = await carryOut(planned, edge, hooks);
  if (isTeller) await tellEnding(report, planned, edge, hooks);
  await retain(spec, output, edge, hooks);
  return { kind: 'ran', report };
}

/** Where a run is worked off. @throws ConfigurationError before anything is planned, where no container is so large */
export async function openBackend(
  spec: Spec,
  roots: readonly string[],
  edge: OperationsEdge,
  hooks: Hooks & TakingPart,
): Promise<Backend> {
  const backend = await edge.backend(spec, hooks);
  if (backend.kind !== 'arrays') return backend;
  warnOfFolders(roots, hooks);
  backend.sizeOf(spec.memory);
  assertBillable(spec, backend);
  return backend;
}

/** @throws ConfigurationError for a limit on what nobody bills by the container */
export function assertBillable(
  { maxCost }: Pick<Spec, 'maxCost'>,
  { billed }: Pick<ArrayBackend, 'billed'>,
): void {
  if (maxCost === undefined || ![false, true].some((fallback) => billed(fallback).capacity === 'ec2')) return;
  throw new ConfigurationError(
    '--max-cost must be left out on EC2: its machines are billed, not containers',
    {
      hint: 'name a queue and a job definition of Fargate, or bound the machines of the compute environment',
    },
  );
}

/** A run that is planned, and how it is worked off. */
export interface PlannedRun {
  readonly run: RunFile;
  readonly output: Storage;
  readonly spec: Spec;
  readonly backend: Backend;
  readonly startedAt: Date;
}

/** How a run ended here. */
export interface CarriedOut {
  readonly report: Report;
  /** Whether this process calls the hooks: of several that were started with one spec only the one that closed the run. */
  readonly isTeller: boolean;
}

/** Works a run off and closes it. */
export async function carryOut(
  { run, output, spec, backend, startedAt }: PlannedRun,
  edge: OperationsEdge,
  hooks: Hooks & TakingPart,
): Promise<CarriedOut> {
  const live = backend.kind === 'arrays' ? await liveArrays(output, run, backend, edge.now) : [];
  const pull = backend.kind === 'claims' ? await latestPull(output, run) : undefined;
  const shared = pull?.open === true ? pull.intent : undefined;
  const ofSameJob = pull?.open === false && hooks.opener !== undefined && pull.intent.opener === hooks.opener;
  // Shards that are under way have their numbers already.
  const grouping = (live[0]?.intent ?? shared)?.grouping ?? groupingOf(spec, run, backend, edge);
  const place: RunPlace = {
    run,
    output,
    grouping,
    ledger: await sumLedger(output, run),
    settings: {
      concurrency: spec.concurrency,
      memoryMiB: spec.memory,
      maxQuarantined: spec.maxQuarantined,
      ...(spec.prices && { prices: spec.prices }),
      ...(backend.kind === 'arrays' && estimateOf(run, grouping, spec, backend)),
    },
    tolerate: spec.tolerate,
    backend,
    now: edge.now,
    sleep: edge.sleep,
    random: edge.random,
    tell: withWarnings(hooks.onEvent),
    log: hooks.log,
    history: new Map(),
  };
  tellPlanned(place, hooks);
  for (const message of memoryNeeds(run.plan.classes, run.frozen.columns, spec.memory)) {
    hooks.onEvent({ kind: 'warning', message });
  }
  const { opener } = hooks;
  // What other containers of this job gave up is not tried again by one that comes late.
  const work: WorkDone = ofSameJob
    ? { failed: new FailedShards(), cancelled: false, closedElsewhere: true }
    : await workOff(place, spec, { live, shared, opener }, hooks.signal);
  hooks.signal.throwIfAborted();
  const since = ofSameJob ? new Date(pull.intent.createdAt) : startedAt;
  const closed = work.closedElsewhere === true ? await closedReport(place, since, hooks.signal) : undefined;
  const report =
    closed ??
    (await closeWithReport(output, run, {
      ...{ work, place, startedAt, now: edge.now },
      tell: hooks.onEvent,
    }));
  hooks.onEvent({ kind: 'done', report });
  return { report, isTeller: hooks.takesPart !== true || work.closedElsewhere !== true };
}

function groupingOf(spec: Spec, run: RunFile, backend: Backend, edge: OperationsEdge): ShardSegment[] {
  const { classes, decoded } = run.plan;
  const chosen =
    backend.kind === 'arrays' || backend.kind === 'claims'
      ? unitsPerArrayShard(run.plan)
      : unitsPerShard(classes, decoded, edge.processes(spec, spec.memory));
  return groupShards(classes, spec.shardUnits ?? chosen);
}

/** What is under way already: arrays of a service, a submission that anybody takes shards of. */
interface UnderWay {
  readonly live: readonly LiveArray[];
  readonly shared: Intent | undefined;
  readonly opener: string | undefined;
}

async function workOff(
  place: RunPlace,
  spec: Spec,
  { live, shared, opener }: UnderWay,
  signal: AbortSignal,
): Promise<WorkDone> {
  const { backend, output, run } = place;
  switch (backend.kind) {
    case 'arrays':
      return workOffArrays({ ...place, backend }, arrayPolicy(spec), live, signal);
    case 'claims': {
      const intent = shared ?? (await openPull(output, run, { ...place, opener }, place.now()));
      return workOffClaims({ ...place, backend }, intent, signal);
    }
    case 'processes':
      return workOffProcesses({ ...place, backend }, signal);
  }
}

/** What the whole run is estimated to cost where it begins; on EC2 nobody knows. */
function estimateOf(
  { plan, frozen }: RunFile,
  grouping: readonly ShardSegment[],
  spec: Spec,
  backend: ArrayBackend,
): Pick<Intent['settings'], 'estimatedUsd'> {
  const billed = backend.billed(false);
  if (billed.capacity === 'ec2') return {};
  const expected = expectRun({
    ...plan,
    grouping,
    unitBytes: frozen.unitBytes,
    columns: frozen.columns,
    memoryMiB: spec.memory,
    sizeOf: (memoryMiB) => backend.sizeOf(memoryMiB),
  });
  return { estimatedUsd: expectedUsd(expected, spec.prices ?? US_EAST_1, billed) };
}

/** A folder of this machine is one of the containers' only where it is a file system that they mount too. */
function warnOfFolders(roots: readonly string[], hooks: Hooks): void {
  for (const root of roots.filter((uri) => !isS3Uri(uri)))
    hooks.onEvent({
      kind: 'warning',
      message: `${root} is a folder: the job's containers must have it mounted under the same path (EFS), or they fail`,
    });
}

/** Adds what the events together warn of. */
function withWarnings(tell: Hooks['onEvent']): Hooks['onEvent'] {
  const watches = [new DriftWatch(), new MemoryNotice()];
  return (event) => {
    tell(event);
    for (const watch of watches) {
      const message = watch.see(event);
      if (message !== undefined) tell({ kind: 'warning', message });
    }
  };
}

/** Tells what there is to do and what was done before. */
function tellPlanned({ run, output, grouping, ledger: { sums } }: RunPlace, hooks: Hooks): void {
  const { units, inputs, bytes, decoded } = run.plan;
  hooks.onEvent({
    kind: 'planned',
    runId: run.runId,
    directory: runUri(output.uri, run.runId),
    units,
    shards: shardCount(grouping),
    inputs,
    bytes,
    decoded,
    already: { units: sums.units.committed, records: sums.records.read, decoded: sums.bytes.decoded },
  });
  hooks.log.info('run', { runId: run.runId, directory: `${output.uri}/${runKeys(run.runId).root}` });
}
