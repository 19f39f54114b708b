import { ConfigurationError, ConflictError } from '../errors.ts';
import type { RunKeys } from '../run-keys.ts';
import { receipt as receiptShape } from '../shapes/receipt.ts';
import type { Receipt } from '../shapes/receipt.ts';
import type { PendingObject, Storage } from '../storage/storage.ts';
import { commitFiles, filesOf, givenUp, gone, type Replacements } from './commit-files.ts';
import { compareReceipts, receiptText } from './compare-receipts.ts';
import { digestOf } from './digest.ts';
import { createBytes, readJson } from './objects.ts';

/** A part or quarantine object, written but not visible yet. Its digest stands in the receipt, under the same key. */
export type PendingFile = PendingObject;

/** Everything an attempt made of a sub-unit. */
export interface SubUnitResult {
  readonly parts: readonly PendingFile[];
  readonly quarantine?: PendingFile | undefined;
  readonly receipt: Receipt;
  /** In the layout `mirror`: what the parts replace. */
  readonly replaces?: Replacements | undefined;
}

/**
 * - `committed`: this attempt's receipt is the one that stands
 * - `already`: an equal one stood there
 * - `theirs`: one that differs by refusals stood there, and counts; go on after **its** `last` and `decodedEnd`
 */
export interface CommitResult {
  readonly outcome: 'committed' | 'already' | 'theirs';
  /** The receipt that stands. */
  readonly receipt: Receipt;
}

/**
 * Commits a sub-unit: parts and quarantine, all durable, then the receipt, each created exclusively.
 *
 * Two attempts at once, a lost reply and a crash between any two steps are harmless, because
 *
 * 1. a receipt, once there, never changes, and whatever it lists stood there durably before it;
 * 2. names and bytes follow from the run, the unit and what was read, so that an object found in the way is either
 *    equal or a fault ({@link ConflictError}); attempts that met other refusals write under other names;
 * 3. a part or quarantine object is removed only by somebody who has **seen the receipt of its sub-unit** and does not
 *    find it there. By 1 and 2 no receipt can ever list it then. So neither the loser here nor the sweep of a close
 *    can take a part away between a living attempt's parts and its receipt.
 *
 * In the layout `mirror` a part's name is its input's, in every generation; see `commit-files.ts` for what that changes
 * in 2. Of 3 this is left: losers remove no part, for a later generation may list it by now; the close does
 * (`mirror-orphans.ts`), before there is a later one.
 *
 * What is left: an attempt that is paused for long between its look at the receipt and its parts, and is killed
 * right after these, leaves parts that no receipt lists. The next close or sweep removes them.
 *
 * @throws ConflictError when something else than what this attempt made stands under one of the names.
 */
export async function commitSubUnit(
  storage: Storage,
  keys: RunKeys,
  result: SubUnitResult,
): Promise<CommitResult> {
  const { parts, quarantine, receipt } = result;
  const pending = quarantine === undefined ? parts : [...parts, quarantine];
  try {
    assertListed(pending, receipt);
    const standing = await readReceipt(storage, keys, receipt.unit, receipt.sub);
    if (standing !== undefined) return await yieldTo(storage, keys, standing, receipt, []);
    await assertNotCleared(storage, keys);
    // A part's name is no other run's, but an output's may be that of a run for which this one was given up.
    const hasOutputs = receipt.parts.some(({ input }) => input !== undefined);
    const clash =
      (hasOutputs ? await givenUp(storage, keys.runId) : undefined) ??
      (await commitFiles(storage, pending, receipt, result.replaces));
    if (clash === undefined) {
      const bytes = Buffer.from(`${receiptText(receipt)}\n`);
      const outcome = await createBytes(storage, keys.receipt(receipt.unit, receipt.sub), bytes);
      if (outcome === 'created') return { outcome: 'committed', receipt };
    }
    const first = await readReceipt(storage, keys, receipt.unit, receipt.sub);
    if (first === undefined) throw clash ?? gone(storage, keys.receipt(receipt.unit, receipt.sub));
    return await yieldTo(storage, keys, first, receipt, pending);
  } finally {
    for (const object of pending) await object.abort();
  }
}

/** The standing receipt of a sub-unit. */
export const readReceipt = (
  storage: Storage,
  keys: RunKeys,
  unit: number,
  sub: number,
): Promise<Receipt | undefined> => readJson(storage, keys.receipt(unit, sub), receiptShape);

/**
 * `winnow gc` takes receipts away, and by then a later run may have replaced the parts that they list: without this look a
 * late attempt would bring them back.
 */
async function assertNotCleared(storage: Storage, keys: RunKeys): Promise<void> {
  if ((await storage.stat(keys.clearing)) === undefined) return;
  throw new ConfigurationError(`run ${keys.runId} is finished, and winnow gc has cleared it`, {
    hint: 'end what still works on it: there is nothing left to commit',
  });
}

/** A receipt must list exactly what is committed with it: anything else is a bug of the caller. */
function assertListed(pending: readonly PendingFile[], receipt: Receipt): void {
  const listed = [...filesOf(receipt).keys()].sort().join(', ');
  const given = pending
    .map(({ key }) => key)
    .sort()
    .join(', ');
  if (listed !== given)
    throw new TypeError(
      `receipt of ${receipt.unit}-${receipt.sub} lists [${listed}], its objects are [${given}]`,
    );
}

async function yieldTo(
  storage: Storage,
  keys: RunKeys,
  standing: Receipt,
  ours: Receipt,
  written: readonly PendingFile[],
): Promise<CommitResult> {
  switch (compareReceipts(standing, ours)) {
    case 'equal':
      return { outcome: 'already', receipt: standing };
    case 'refusals': {
      const kept = filesOf(standing);
      const outputs = new Set(ours.parts.flatMap(({ key, input }) => (input === undefined ? [] : [key])));
      for (const { key } of written) if (!kept.has(key) && !outputs.has(key)) await storage.remove(key);
      return { outcome: 'theirs', receipt: standing };
    }
    case 'conflict':
      throw conflict(storage, keys, standing, ours);
  }
}

function conflict(storage: Storage, keys: RunKeys, standing: Receipt, ours: Receipt): ConflictError {
  const [theirText, ourText] = [receiptText(standing), receiptText(ours)];
  const sha = (text: string): string => digestOf(Buffer.from(`${text}\n`)).sha256;
  return new ConflictError(
    `${storage.uri}/${keys.receipt(ours.unit, ours.sub)}: two attempts at one sub-unit differ: ` +
      `there stands ${theirText} with sha256 ${sha(theirText)}, this one has ${ourText} with sha256 ${sha(ourText)}`,
    { hint: 'stop the run, keep its output and inputs as they are and report it: one of the two is wrong' },
  );
}
