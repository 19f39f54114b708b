import type { Report, Spec, Storage } from '@winnow/core';
import { callHook } from '../hooks/call-hook.ts';
import { runSummary } from '../hooks/run-summary.ts';
import type { OperationsEdge } from '../operations/edge.ts';
import type { Hooks } from '../operations/operations.ts';

const SHOWN_CHARACTERS = 80;

/** Which of a spec's hooks a state calls. A run that was cancelled ended as somebody wished: nobody need be told. */
const HOOKS_OF = {
  succeeded: 'onSuccess',
  partial: 'onFailure',
  failed: 'onFailure',
  cancelled: undefined,
} as const satisfies Record<Report['state'], 'onSuccess' | 'onFailure' | undefined>;

/**
 * Calls the hooks of a run that was closed, one after the other. What the run has done does not depend on them: one that
 * fails is a warning.
 */
export async function tellEnding(
  report: Report,
  { spec, output }: { readonly spec: Spec; readonly output: Storage },
  { environment, getSecret, sleep, random }: OperationsEdge,
  { cwd, signal, log, onEvent }: Hooks,
): Promise<void> {
  const field = HOOKS_OF[report.state];
  if (field === undefined) return;
  const waiting = {
    random,
    sleep: (ms: number, until: AbortSignal = signal): Promise<void> => sleep(ms, until),
  };
  const call = {
    ...{ summary: runSummary(report, output.uri), environment, getSecret, waiting, cwd, signal },
  };
  for (const [index, text] of (spec[field] ?? []).entries()) {
    if (signal.aborted) return;
    const failure = await callHook(text, call);
    log.info('hook', { field, index, failure: failure ?? null });
    if (failure !== undefined)
      onEvent({ kind: 'warning', message: `the ${field} hook ${shown(text)} failed: ${failure}` });
  }
}

/** As it was written: with the names of its secrets. */
function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)}…` : line;
}
