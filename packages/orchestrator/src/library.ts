import { parseSpec, type Intention, type SpecInput } from '@winnow/core';
import { EventQueue } from './backend/event-queue.ts';
import type { RunEvent } from './events.ts';
import { createLog } from './log.ts';
import { processEdge } from './operations/edge.ts';
import type { Hooks, PlannedFile, PlanSummary, RunResult } from './operations/operations.ts';
import { planSpec } from './operations/plan.ts';
import { runSpec } from './run/run.ts';

export interface LibraryOptions {
  /** Aborting it stops the run at the next border; the same call again goes on. */
  readonly signal?: AbortSignal;
  /** Where relative paths start. Default: the working directory. */
  readonly cwd?: string;
}

export interface RunOptions extends LibraryOptions {
  /** What to do with what the output holds; default `resume`. */
  readonly intention?: Intention;
}

/** A run under way in this process. */
export interface RunHandle {
  /** What happens, as it happens; ends with the run. Ask for it right after `run`: what came before is not kept. */
  readonly events: AsyncIterable<RunEvent>;
  /**
   * Settles when the run has ended. Rejects with a `ConfigurationError` where nothing was started, and with the
   * signal's reason where it was aborted.
   */
  readonly result: Promise<RunResult>;
}

/**
 * Does what `winnow run` does: plans or joins the run of this spec in its output and works it off.
 *
 * @throws SpecError at once, naming every problem of the spec
 */
export function run(spec: SpecInput, options: RunOptions = {}): RunHandle {
  const parsed = parseSpec(spec);
  let queue: EventQueue<RunEvent> | undefined;
  const hooks = hooksOf(options, (event) => queue?.push(event));
  // Begins when the caller has had its chance to ask for the events.
  const result = Promise.resolve()
    .then(() => runSpec(parsed, processEdge(), { ...hooks, intention: options.intention }))
    .finally(() => queue?.end());
  return {
    get events() {
      return (queue ??= new EventQueue<RunEvent>());
    },
    result,
  };
}

export interface PlanOptions extends LibraryOptions {
  /** Called for each input in order; the next one waits for it. */
  readonly onInput?: (file: PlannedFile) => void | Promise<void>;
}

/** Does what `winnow plan` does: tells what a run over everything there is would do, and writes nothing. */
export async function plan(spec: SpecInput, options: PlanOptions = {}): Promise<PlanSummary> {
  const hooks = hooksOf(options, () => undefined);
  return planSpec(parseSpec(spec), processEdge(), {
    ...hooks,
    onInput: options.onInput ?? (() => undefined),
  });
}

function hooksOf({ signal, cwd }: LibraryOptions, onEvent: (event: RunEvent) => void): Hooks {
  return {
    cwd: cwd ?? process.cwd(),
    signal: signal ?? new AbortController().signal,
    // A library says nothing on its own: its events tell.
    log: createLog('error', () => undefined),
    onEvent,
  };
}
