import {
  ConfigurationError,
  previousRunId,
  readGeneration,
  readRun,
  readsQuarantine,
  runIdOf,
  type RunFile,
  type Source,
  type Storage,
} from '@winnow/core';

/** The generation that is to do what is new in a source. */
export interface Newcomer {
  readonly generation: number;
  readonly specHash: string;
  readonly source: Pick<Source, 'root' | 'description'>;
}

/**
 * The latest run before a generation that read from the same root: its inputs are not done again. A redrive reads from none,
 * but in the layout `mirror`, where it reads inputs again.
 * Undefined where there is none, or none since everything was replaced.
 *
 * @throws ConfigurationError where the same spec had another root
 */
export async function runToFollow(output: Storage, newcomer: Newcomer): Promise<RunFile | undefined> {
  const { generation, specHash, source } = newcomer;
  for (let n = generation - 1; n >= 0; n--) {
    const taken = await readGeneration(output, n);
    const run = await readRun(output, runIdOf(n, taken.specHash));
    if (readsQuarantine(run)) continue;
    if (run.source === source.root) return run;
    if (taken.specHash === specHash) throw otherRoot(run, source);
    if (taken.replaces === true) return undefined;
  }
  return undefined;
}

/** The run whose columns the next one goes on with: a redrive may have had others, of a mended schema. */
export async function runWithColumns(output: Storage, run: RunFile): Promise<RunFile> {
  let before: RunFile = run;
  while (before.redrives !== undefined) {
    const runId = await previousRunId(output, before);
    if (runId === undefined) return before;
    before = await readRun(output, runId);
  }
  return before;
}

/**
 * Inputs are known by their names below the source's root. A list file whose common folder is another one now would make
 * everything that was written look new.
 */
const otherRoot = (before: RunFile, source: Newcomer['source']): ConfigurationError =>
  new ConfigurationError(
    `the inputs of run ${before.runId} have the common folder ${before.source}, ${source.description} has ${source.root} now`,
    { hint: 'list the inputs so that their common folder stays, or choose another --output' },
  );
