import { ConfigurationError, WinnowError, WORKER_EXIT, type Report } from '@winnow/core';
import { intentionOf } from '../config/edge.ts';
import { loadConfig } from '../config/load.ts';
import type { OperationsEdge } from '../operations/edge.ts';
import { reportText } from '../report/text.ts';
import { runSpec } from '../run/run.ts';
import type { CliContext } from './context.ts';
import { failureLines } from './failure.ts';
import { withObservers } from './observers.ts';
import { withOutput } from './spec-command.ts';

/**
 * Does the whole job that the environment describes, in this container and whichever others were started with the same
 * environment: one plans, all take shards, one closes.
 *
 * @returns an exit code of the environment contract: a service's retry rules read it
 */
export async function directRun(context: CliContext, edge: OperationsEdge): Promise<number> {
  const { environment, readText, screen, signal } = context;
  try {
    const { spec, edge: told } = loadConfig({ flags: {}, environment, readText, jobVariables: true });
    const shared = { ...withOutput(spec), backend: 'pull' as const };
    const part = { takesPart: true, opener: jobOf(environment) };
    const result = await withObservers(context, told, (hooks) =>
      runSpec(shared, edge, { ...hooks, ...part, intention: intentionOf(told) }),
    );
    if (result.kind === 'nothing-to-do') {
      screen.write(`winnow: nothing to do: run ${result.runId} has done all inputs\n`);
      return result.changed.length === 0 ? WORKER_EXIT.committed : WORKER_EXIT.refused;
    }
    screen.write(`${reportText(result.report, shared.output)}\n`);
    return endingOf(result.report);
  } catch (error) {
    if (signal.aborted) {
      screen.write('winnow: interrupted: the same job again goes on\n');
      return WORKER_EXIT.again;
    }
    failureLines(error, false).forEach((line) => screen.write(`${line}\n`));
    if (error instanceof ConfigurationError) return WORKER_EXIT.configuration;
    return error instanceof WinnowError && error.retryable ? WORKER_EXIT.again : WORKER_EXIT.bug;
  }
}

/**
 * | report    | exit | because                                                              |
 * |-----------|------|----------------------------------------------------------------------|
 * | succeeded | 0    |                                                                      |
 * | partial   | 65   | inputs were refused, or more was quarantined than allowed: no retry  |
 * | cancelled | 76   |                                                                      |
 * | failed    | 70   | every shard was tried as often as it may be: no retry                |
 */
export function endingOf({ state }: Pick<Report, 'state'>): number {
  switch (state) {
    case 'succeeded':
      return WORKER_EXIT.committed;
    case 'partial':
      return WORKER_EXIT.refused;
    case 'cancelled':
      return WORKER_EXIT.cancelled;
    case 'failed':
      return WORKER_EXIT.bug;
  }
}

/** All children of an array are one job. */
const jobOf = (environment: CliContext['environment']): string | undefined =>
  environment['AWS_BATCH_JOB_ID']?.replace(/:\d+$/, '');
