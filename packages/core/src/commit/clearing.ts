import { orderedAhead } from '../ledger/ordered-ahead.ts';
import { runKeys } from '../run-keys.ts';
import type { Clearing } from '../shapes/generation.ts';
import type { Storage } from '../storage/storage.ts';
import { readClearing } from './cleared.ts';
import { storedDigest } from './digest.ts';
import { createJson } from './objects.ts';
import type { TextCodec } from './text-codec.ts';
import { writeLineBases } from './write-line-bases.ts';
import { WORKING_KINDS, workingObjects, type WorkingObject } from './working-objects.ts';

/** Objects that are removed at once. */
const REMOVALS_AT_ONCE = 16;

/**
 * Removes the working objects of a run that is clearable (`clearable.ts`), and gives each that is gone. First `gc.json` is
 * created, behind what only the plan tells: from then on the compacted ledger stands for plan and receipts, of which some, or all, may be missing. Killed
 * anywhere and called again it ends in the same; whoever calls at once does the same.
 */
export async function* clearRun(
  storage: Storage,
  runId: string,
  clearedAt: string,
  codec: TextCodec,
): AsyncGenerator<WorkingObject> {
  const keys = runKeys(runId);
  if ((await readClearing(storage, runId)) === undefined) {
    const [ledger, inputs] = [
      await storedDigest(storage, keys.ledger),
      await storedDigest(storage, keys.inputs),
    ];
    const lineBases = await writeLineBases(storage, runId, codec);
    const said: Clearing = { runId, clearedAt, ledger, inputs, ...(lineBases && { lineBases }) };
    await createJson(storage, keys.clearing, said);
  }
  const remove = async (object: WorkingObject): Promise<WorkingObject> => {
    await storage.remove(object.key);
    return object;
  };
  for (const kind of WORKING_KINDS)
    yield* orderedAhead(workingObjects(storage, keys, kind), REMOVALS_AT_ONCE, remove);
}
