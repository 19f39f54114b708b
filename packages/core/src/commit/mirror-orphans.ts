import { isUnread } from '../ledger/input-outcomes.ts';
import type { ReceiptGroup } from '../ledger/receipts.ts';
import { generationKey } from '../run-keys.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { readUnits } from './run-file.ts';

/**
 * Finds outputs that attempts of a run in the layout `mirror` left behind: under a name that the plan made new, of an
 * input that the receipt of its unit refuses as vanished or changed. An attempt before that one had read it, and was
 * killed, or lost, between its parts and its receipt. No receipt of the run can ever list it then, and before the plan
 * nothing stood there (`in-the-way.ts`).
 *
 * A later generation may do that input again and list the name: from the moment that it is taken nothing is an orphan
 * any more (`sweep-outputs.ts` sees to it that this still holds when one is removed). An output that was to *replace* an
 * earlier one is none either: the input is `unsettled`, and the next generation that finds it replaces whatever stands
 * there.
 */
export async function* mirrorOrphans(
  storage: Storage,
  run: RunFile,
  groups: AsyncIterable<ReceiptGroup>,
): AsyncGenerator<string> {
  for await (const { unit, found } of groups) {
    const refused = found.flatMap(({ receipt }) => receipt?.refused ?? []);
    const unread = new Set(refused.filter(isUnread).map(({ input }) => input));
    if (unread.size === 0 || unit >= run.plan.units) continue;
    for await (const { inputs } of readUnits(storage, run, unit, 1))
      for (const { key, output, replaces, unsettled } of inputs) {
        if (output === undefined || replaces !== undefined || unsettled === true) continue;
        if (!unread.has(key)) continue;
        if ((await storage.stat(output)) === undefined) continue;
        if ((await storage.stat(generationKey(run.generation + 1))) !== undefined) return;
        yield output;
      }
  }
}
