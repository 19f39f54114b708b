import {
  assertEngine,
  ConfigurationError,
  digestOf,
  ENGINE,
  mendedByInput,
  readAll,
  readIntent,
  readMended,
  readRun,
  runKeys,
  splitRunUri,
  StorageError,
  type Intent,
  type OpenStorage,
  type RunFile,
  type Storage,
  type MendedRecord,
  type MendedRecords,
} from '@winnow/core';
import type { WorkerEnvironment } from './environment.ts';

/** Opens the source of an earlier run of the same output. Fails as storages do where that run has no `run.json`. */
export type SourceOf = (runId: string) => Promise<Storage>;

/** A run as a worker meets it. */
export interface RunInHand {
  readonly run: RunFile;
  readonly intent: Intent;
  readonly output: Storage;
  readonly source: Storage;
  readonly sourceOf: SourceOf;
  readonly mended: MendedRecords | undefined;
  readonly mendedInputs: ReadonlyMap<string, readonly MendedRecord[]> | undefined;
}

/** @throws ConfigurationError where there is no such run or submission, or another engine or zstd planned it. */
export async function openRun(
  environment: Pick<WorkerEnvironment, 'run' | 'submission'>,
  openStorage: OpenStorage,
): Promise<RunInHand> {
  const { output: uri, runId } = splitRunUri(environment.run);
  const output = await openStorage(uri);
  const run = await orMisnamed('WINNOW_RUN', environment.run, readRun(output, runId));
  assertEngine(runId, run.frozen.engine, ENGINE);
  if (run.frozen.zstd !== process.versions['zstd']) {
    throw new ConfigurationError(
      `run ${runId} was planned with zstd ${run.frozen.zstd}, this process has ${process.versions['zstd']}: its bytes may differ`,
      { hint: 'use the Node version that planned the run' },
    );
  }
  const { submission } = environment;
  const intent = await orMisnamed(
    'WINNOW_SUBMISSION',
    String(submission),
    readIntent(output, runKeys(runId), submission),
  );
  const mended = await readMendedOf(output, run);
  const mendedInputs = mended && run.frozen.layout === 'mirror' ? mendedByInput(mended) : undefined;
  const sourceOf: SourceOf = async (id) => openStorage((await readRun(output, id)).source);
  return { run, intent, output, source: await openStorage(run.source), sourceOf, mended, mendedInputs };
}

async function readMendedOf(output: Storage, run: RunFile): Promise<MendedRecords | undefined> {
  const mended = run.redrives?.mended;
  if (mended === undefined) return undefined;
  const bytes = await readAll(output, mended.key);
  if (digestOf(bytes).sha256 !== mended.sha256)
    throw new ConfigurationError(
      `${output.uri}/${mended.key} is not the file that the redrive was planned with`,
      {
        hint: 'put it back as it was',
      },
    );
  return readMended(Buffer.from(bytes).toString(), mended.key);
}

/** A variable that names what is not there is a bad configuration, not a bug. */
async function orMisnamed<T>(variable: string, value: string, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof StorageError) || error.code !== 'not-found') throw error;
    throw new ConfigurationError(`${variable} ${value}: ${error.message}`, {
      cause: error,
      hint: 'the run directory must be there, planned and submitted, and the machine must see it',
    });
  }
}
