import {
  ConfigurationError,
  absoluteRoot,
  highestGeneration,
  readGeneration,
  readJson,
  readRun,
  report as reportShape,
  runFile,
  runIdOf,
  runKeys,
  StorageError,
  type Report,
  type RunFile,
  type Storage,
} from '@winnow/core';
import type { Opening } from '../run/place.ts';
import type { RunReference } from '../operations/operations.ts';

/** A run as its directory holds it. */
export interface StoredRun {
  readonly output: Storage;
  readonly run: RunFile;
}

/** Finds the run that is referred to: the one named, or the latest of the output. */
export async function openStoredRun(
  reference: RunReference,
  { cwd, openStorage }: Opening,
): Promise<StoredRun> {
  const output = await openStorage(absoluteRoot(reference.output, cwd));
  const runId = reference.runId ?? (await latestRunId(output));
  try {
    return { output, run: await readRun(output, runId) };
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'not-found') throw error;
    throw new ConfigurationError(`${output.uri} holds no planned run ${runId}`, {
      cause: error,
      hint: 'run its winnow run command again, or name another run',
    });
  }
}

async function latestRunId(output: Storage): Promise<string> {
  const generation = await highestGeneration(output);
  if (generation === undefined) throw noRun(output);
  return runIdOf(generation, (await readGeneration(output, generation)).specHash);
}

const noRun = (output: Storage): ConfigurationError =>
  new ConfigurationError(`${output.uri} holds no run`, {
    hint: 'give the --output of a winnow run, or its run directory',
  });

/** The latest run of an output that came as far as a plan: the planner of a later one may have been killed. */
export async function latestPlanned(root: string, { cwd, openStorage }: Opening): Promise<RunFile> {
  const output = await openStorage(absoluteRoot(root, cwd));
  for (let n = (await highestGeneration(output)) ?? -1; n >= 0; n--) {
    const { specHash } = await readGeneration(output, n);
    const run = await readJson(output, runKeys(runIdOf(n, specHash)).run, runFile);
    if (run !== undefined) return run;
  }
  throw noRun(output);
}

/** The report as it stands; undefined before the first close. */
export const readReport = ({ output, run }: StoredRun): Promise<Report | undefined> =>
  readJson(output, runKeys(run.runId).report, reportShape);
