import {
  ConfigurationError,
  absoluteRoot,
  highestGeneration,
  readGeneration,
  readJson,
  readRun,
  report as reportShape,
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
  if (generation === undefined) {
    throw new ConfigurationError(`${output.uri} holds no run`, {
      hint: 'give the --output of a winnow run, or its run directory',
    });
  }
  return runIdOf(generation, (await readGeneration(output, generation)).specHash);
}

/** The report as it stands; undefined before the first close. */
export const readReport = ({ output, run }: StoredRun): Promise<Report | undefined> =>
  readJson(output, runKeys(run.runId).report, reportShape);
