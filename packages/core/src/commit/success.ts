import { SUCCESS_KEY, generationKey, runIdOf } from '../run-keys.ts';
import type { Storage } from '../storage/storage.ts';
import { readGeneration, readSuccess } from './generations.ts';
import { createJson } from './objects.ts';

/** Which run `_SUCCESS` is, or is not, to speak for. */
export interface RunIdentity {
  readonly runId: string;
  readonly generation: number;
  /** As in `run.json`. */
  readonly follows?: string | null | undefined;
}

/**
 * Takes away the `_SUCCESS` of the generation before. Every worker calls it before its first part: one stat or small
 * read. What a paused caller does late only ever takes `_SUCCESS` away, and the same command again brings it back.
 */
export async function beginWriting(storage: Storage, run: RunIdentity): Promise<void> {
  const named = await readSuccess(storage);
  if (named !== undefined && named < run.generation) await storage.remove(SUCCESS_KEY);
}

/**
 * Names the generation in `_SUCCESS`: only for a run that is complete and balanced, after everything else of it.
 *
 * Created exclusively and looked at again afterwards: where a later generation has been taken meanwhile, a late closer
 * neither overwrites that one's `_SUCCESS` nor leaves its own behind.
 */
export async function writeSuccess(storage: Storage, run: RunIdentity): Promise<void> {
  const superseded = async (): Promise<boolean> =>
    (await storage.stat(generationKey(run.generation + 1))) !== undefined;
  if (await superseded()) return;
  await beginWriting(storage, run);
  await createJson(storage, SUCCESS_KEY, { generation: run.generation, runId: run.runId });
  if ((await superseded()) && (await readSuccess(storage)) === run.generation)
    await storage.remove(SUCCESS_KEY);
}

/** The run whose inputs this one carries forward: that of the generation before, if it names none. */
export async function previousRunId(storage: Storage, run: RunIdentity): Promise<string | undefined> {
  if (run.follows !== undefined) return run.follows ?? undefined;
  if (run.generation === 0) return undefined;
  const before = run.generation - 1;
  return runIdOf(before, (await readGeneration(storage, before)).specHash);
}
