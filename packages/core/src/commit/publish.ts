import { ledgerReceipts } from '../ledger/receipts.ts';
import { orderedAhead } from '../ledger/ordered-ahead.ts';
import { emptyPartKey, generationKey, partPrefix, publishedKey, runKeys } from '../run-keys.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { gone } from './commit-files.ts';
import { runsBefore } from './earlier-outputs.ts';
import { readSuccess } from './generations.ts';
import { createJson, isNotFound } from './objects.ts';
import { beginWriting, type RunIdentity } from './success.ts';
import type { TextCodec } from './text-codec.ts';

/** Parts that are copied at once. */
const COPIES_AT_ONCE = 16;

/**
 * Puts the parts of a run that replaces into the place of everything that came before it. To be called when all of the run
 * is committed and its ledger written; by several at once, and again after a crash at any step:
 *
 * 1. `publish.json` says that it begins. Until here readers of the output saw what there was before, and `_SUCCESS` of it.
 * 2. `_SUCCESS` goes: somebody who waits for it sees that the output changes.
 * 3. Every part is copied from the run directory to its name in the output.
 * 4. The parts of the runs before go, then those in the run directory.
 *
 * So a reader that globs sees all of the old parts or all of the new ones, and for a time both. Each step may be done
 * again: which parts there are follows from the ledger, and names hold the run, so none is another's.
 *
 * @returns false where a later generation was taken before it began: that one takes the place of all now, of this one too
 */
export async function publish(storage: Storage, run: RunFile, codec: TextCodec): Promise<boolean> {
  const keys = runKeys(run.runId);
  const named = await readSuccess(storage);
  if (named !== undefined && named >= run.generation) return true;
  const replaces = await runsBefore(storage, run.generation);
  await createJson(storage, keys.publication, { replaces });
  if (await isSuperseded(storage, run)) return false;
  await beginWriting(storage, run);
  const copies = orderedAhead(partsOf(storage, run, codec), COPIES_AT_ONCE, (key) =>
    publishPart(storage, run, key),
  );
  for await (const _ of copies);
  await removeReplaced(storage, run);
  return true;
}

/** Whether a run that replaces has begun to take the place of what came before. */
export const isPublishing = async (storage: Storage, runId: string): Promise<boolean> =>
  (await storage.stat(runKeys(runId).publication)) !== undefined;

/**
 * Removes the parts of all runs before one that was published, and its own in the run directory. Those there go first: who
 * still publishes an earlier run copies from there, and then finds nothing to copy. In the layout `mirror` it is all:
 * what was to be seen goes with the outputs of then (`left-outputs.ts`).
 */
export async function removeReplaced(
  storage: Storage,
  run: Pick<RunFile, 'runId' | 'generation' | 'frozen'>,
): Promise<void> {
  const before = await runsBefore(storage, run.generation);
  for (const runId of [...before, run.runId]) await removeAll(storage, runKeys(runId).staged, '');
  if (run.frozen.layout === 'parts')
    for (const runId of before) await removeAll(storage, '', partPrefix(runId));
}

async function removeAll(storage: Storage, folder: string, begins: string): Promise<void> {
  for await (const { key } of storage.list(folder, { begins: folder + begins })) await storage.remove(key);
}

const isSuperseded = async (storage: Storage, { generation }: RunIdentity): Promise<boolean> =>
  (await storage.stat(generationKey(generation + 1))) !== undefined;

/** The staged parts: those of the ledger, or the one without rows. */
async function* partsOf(storage: Storage, run: RunFile, codec: TextCodec): AsyncGenerator<string> {
  const keys = runKeys(run.runId);
  let total = 0;
  for await (const { found } of ledgerReceipts(storage, keys, codec))
    for (const { receipt } of found)
      for (const { key } of receipt?.parts ?? []) {
        total++;
        yield key;
      }
  if (total === 0) yield keys.staged + emptyPartKey(run.runId, run.frozen.format);
}

/** @throws WinnowError where the part is neither here nor there */
async function publishPart(storage: Storage, run: RunFile, key: string): Promise<void> {
  const to = publishedKey(runKeys(run.runId), key);
  try {
    await storage.copy(key, to);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    // Somebody else published it and took the staged one away; or a later run has taken its place.
    if ((await storage.stat(to)) === undefined && !(await isSuperseded(storage, run)))
      throw gone(storage, to);
  }
}
