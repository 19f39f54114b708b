import { durationText, latestCleared, type Spec, type Storage } from '@winnow/core';
import { collectRuns } from '../operations/gc.ts';
import type { OperationsEdge } from '../operations/edge.ts';
import type { Hooks } from '../operations/operations.ts';

/**
 * Removes the working objects of the runs of an output that ended longer ago than the spec retains them. What a run has
 * done does not depend on it: a failure is a warning, an abort ends it early, and the next command goes on with it.
 */
export async function retain(
  { retention }: Spec,
  output: Storage,
  { now }: Pick<OperationsEdge, 'now'>,
  { signal, onEvent }: Pick<Hooks, 'signal' | 'onEvent'>,
): Promise<void> {
  if (retention === undefined) return;
  try {
    const from = await latestCleared(output);
    const { runs, kept } = await collectRuns(
      output,
      { from, now: now(), olderThanMs: retention, remove: true },
      signal,
    );
    const sum = (of: (run: (typeof runs)[number]) => number): number =>
      runs.reduce((total, run) => total + of(run), 0);
    const [objects, bytes] = [sum((run) => run.objects), sum((run) => run.bytes)];
    if (runs.length > 0)
      onEvent({ kind: 'cleared', runs: runs.map(({ runId }) => runId), objects, bytes, retention });
    for (const { runId, reason, detail = '' } of kept)
      if (reason === 'damaged')
        onEvent({
          kind: 'warning',
          message: `run ${runId} ended over ${durationText(retention)} ago, but is kept: it is not whole (${detail}); see winnow verify`,
        });
  } catch (error) {
    if (signal.aborted) return;
    const why = error instanceof Error ? error.message : String(error);
    onEvent({
      kind: 'warning',
      message: `what --retention lets go was not removed (${why}); the next run of this output does it`,
    });
  }
}
