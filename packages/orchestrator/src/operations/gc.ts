import {
  absoluteRoot,
  clearability,
  clearRun,
  ConfigurationError,
  highestGeneration,
  runKeys,
  workingObjects,
  WORKING_KINDS,
  zstdTextCodec,
  type Storage,
  type WorkingObject,
} from '@winnow/core';
import type { OperationsEdge } from './edge.ts';
import type { ClearedRun, GcRequest, GcSummary, Hooks, KeptRun } from './operations.ts';

/**
 * Removes the working objects of the runs of an output that are finished, or only tells which would go. Interrupted anywhere
 * and done again it ends the same.
 */
export async function collectOutput(
  { output: root, olderThanMs, remove }: GcRequest,
  edge: Pick<OperationsEdge, 'now' | 'openStorage'>,
  { cwd, signal }: Pick<Hooks, 'cwd' | 'signal'>,
): Promise<GcSummary> {
  const output = await edge.openStorage(absoluteRoot(root, cwd));
  if ((await highestGeneration(output)) === undefined)
    throw new ConfigurationError(`${output.uri} holds no run`, { hint: 'give the --output of a winnow run' });
  return collectRuns(output, { now: edge.now(), olderThanMs, remove }, signal);
}

/** Which runs of an output are collected. */
interface Collection {
  readonly now: Date;
  readonly olderThanMs: number;
  readonly remove: boolean;
  /** The generation to begin with; 0 where it is absent. */
  readonly from?: number;
}

export async function collectRuns(
  output: Storage,
  { now, olderThanMs, remove, from }: Collection,
  signal: AbortSignal,
): Promise<GcSummary> {
  const runs: ClearedRun[] = [];
  const kept: KeptRun[] = [];
  const endedByMs = now.getTime() - olderThanMs;
  const options = { codec: zstdTextCodec, endedByMs, from };
  for await (const { runId, state, detail } of clearability(output, options)) {
    signal.throwIfAborted();
    if (state !== 'clearable') {
      kept.push({ runId, reason: state, ...(detail !== undefined && { detail }) });
      continue;
    }
    const objects = remove
      ? clearRun(output, runId, now.toISOString(), zstdTextCodec)
      : allWorkingObjects(output, runId);
    const run = await countByKind(runId, objects, signal);
    if (run.objects > 0) runs.push(run);
  }
  return { removed: remove, runs, kept };
}

async function* allWorkingObjects(output: Storage, runId: string): AsyncGenerator<WorkingObject> {
  for (const kind of WORKING_KINDS) yield* workingObjects(output, runKeys(runId), kind);
}

async function countByKind(
  runId: string,
  objects: AsyncIterable<WorkingObject>,
  signal: AbortSignal,
): Promise<ClearedRun> {
  const run = { runId, objects: 0, bytes: 0, kinds: [] as ClearedRun['kinds'][number][] };
  for await (const { kind, bytes } of objects) {
    signal.throwIfAborted();
    run.objects++;
    run.bytes += bytes;
    const last = run.kinds.at(-1);
    // They come kind by kind.
    const before = last?.kind === kind ? run.kinds.pop() : undefined;
    run.kinds.push({ kind, objects: (before?.objects ?? 0) + 1, bytes: (before?.bytes ?? 0) + bytes });
  }
  return run;
}
