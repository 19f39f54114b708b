import {
  absoluteRoot,
  ConfigurationError,
  highestGeneration,
  readGeneration,
  readJson,
  runFile,
  runIdOf,
  runKeys,
  type Report,
  type RunFile,
  type Storage,
} from '@winnow/core';
import { latestPull } from '../run/pull/pull-submission.ts';
import { specOfRun } from '../run/pull/spec-of-run.ts';
import { carryOut, openBackend } from '../run/run.ts';
import type { OperationsEdge } from './edge.ts';
import type { Hooks, PullRequest } from './operations.ts';
import { openStoredRun, readReport, type StoredRun } from './stored-run.ts';

/** How often an output is looked at for a run that lets anybody take its shards. */
const LOOK_MS = 5000;

/**
 * Takes shards of a run until none is left, then tells how the run ended. Of an output without a run named: of every run
 * that lets anybody take its shards, one after the other, until `signal` aborts.
 */
export async function pullRun(
  { run: reference, concurrency }: PullRequest,
  edge: OperationsEdge,
  hooks: Hooks,
): Promise<Report> {
  if (reference.runId !== undefined) {
    const stored = await openStoredRun(reference, { cwd: hooks.cwd, openStorage: edge.openStorage });
    return takePart(stored, concurrency, edge, hooks);
  }
  const output = await edge.openStorage(absoluteRoot(reference.output, hooks.cwd));
  let told = false;
  for (;;) {
    const run = await latestRun(output);
    if (run !== undefined && (await latestPull(output, run))?.open === true) {
      await takePart({ output, run }, concurrency, edge, hooks);
      told = false;
    }
    if (!told) hooks.log.info('waits', { output: output.uri });
    told = true;
    await edge.sleep(LOOK_MS, hooks.signal);
  }
}

/** The latest run of an output, once it is planned. */
async function latestRun(output: Storage): Promise<RunFile | undefined> {
  const generation = await highestGeneration(output);
  if (generation === undefined) return undefined;
  const { specHash } = await readGeneration(output, generation);
  return readJson(output, runKeys(runIdOf(generation, specHash)).run, runFile);
}

/**
 * A run that was let go of (all shards ended, some failed) is not begun again here: that is for its own command. So a
 * worker that is started again and again does no harm.
 */
async function takePart(
  stored: StoredRun,
  concurrency: number | undefined,
  edge: OperationsEdge,
  hooks: Hooks,
): Promise<Report> {
  const { output, run } = stored;
  const startedAt = edge.now();
  const pull = await latestPull(output, run);
  if (pull?.open === false) {
    const report = await readReport(stored);
    if (report !== undefined) return report;
    throw new ConfigurationError(`run ${run.runId} was cancelled, or is just being closed`, {
      hint: 'run its winnow run command again: workers may take its shards then',
    });
  }
  const spec = specOfRun(run, pull?.intent, { output: output.uri, concurrency });
  const backend = await openBackend(spec, [output.uri], edge, { ...hooks, takesPart: true });
  return (await carryOut({ run, output, spec, backend, startedAt }, edge, hooks)).report;
}
