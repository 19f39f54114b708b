import { ledgerReceipts } from '../ledger/receipts.ts';
import type { ReceiptGroup } from '../ledger/receipts.ts';
import { partPrefix, partsFolder, runKeys } from '../run-keys.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { filesOf } from './commit-files.ts';
import { mirrorOrphans } from './mirror-orphans.ts';
import { parsePartKey, parseQuarantineKey } from './object-names.ts';
import type { SubUnitName } from './object-names.ts';
import { removeReplaced } from './publish.ts';
import { writeSuccess } from './success.ts';
import { removeLeft } from './left-outputs.ts';
import { sweepOutputs, type SweptOutput } from './sweep-outputs.ts';
import type { TextCodec } from './text-codec.ts';

/** A part or quarantine object of a run that no receipt lists. */
export interface Orphan {
  readonly key: string;
  /**
   * Its sub-unit has a receipt, so that no receipt can ever list it. Where it has none, a living attempt may be about
   * to write one: the object must stay.
   */
  readonly removable: boolean;
}

/**
 * Finds orphans by going through objects and receipts side by side, in the memory of one unit. Outputs of the layout
 * `mirror` are not among them: they have the names of their inputs, not of units (`mirror-orphans.ts`).
 */
export async function* orphans(
  storage: Storage,
  run: RunFile,
  readGroups: () => AsyncIterable<ReceiptGroup>,
): AsyncGenerator<Orphan> {
  const keys = runKeys(run.runId);
  const isMirror = run.frozen.layout === 'mirror';
  const folder = partsFolder(run);
  const begins = folder + partPrefix(run.runId);
  const parts = new Names(isMirror ? none() : storage.list(folder, { begins }), (key) =>
    parsePartKey(keys, key.slice(folder.length)),
  );
  const quarantine = new Names(storage.list(keys.quarantineFolder), (key) => parseQuarantineKey(keys, key));
  try {
    for await (const group of readGroups()) {
      for (const names of [parts, quarantine]) {
        for (const { key } of await names.before(group.unit)) yield { key, removable: false };
        for (const name of await names.before(group.unit + 1)) yield* judge(name, group);
      }
    }
    for (const names of [parts, quarantine])
      for (const { key } of await names.before(Infinity)) yield { key, removable: false };
  } finally {
    await parts.close();
    await quarantine.close();
  }
}

async function* none(): AsyncGenerator<never> {
  // Nothing is listed.
}

type NamedObject = SubUnitName & { readonly key: string };

function* judge({ key, sub }: NamedObject, { found }: ReceiptGroup): Generator<Orphan> {
  // An unreadable receipt may list anything: what is of its sub-unit stays.
  const own = found.find((one) => one.sub === sub);
  if (own !== undefined && (own.receipt === undefined || filesOf(own.receipt).has(key))) {
    if (own.receipt === undefined) yield { key, removable: false };
    return;
  }
  const afterLast = found.some((one) => one.receipt?.last === true && one.sub < sub);
  yield { key, removable: own !== undefined || afterLast };
}

/** The objects of a run among a listing, which come in the order of their units. */
class Names {
  readonly #objects: AsyncIterator<{ readonly key: string }>;
  readonly #parse: (key: string) => SubUnitName | undefined;
  #next: NamedObject | undefined;
  #ended = false;

  constructor(
    objects: AsyncIterable<{ readonly key: string }>,
    parse: (key: string) => SubUnitName | undefined,
  ) {
    this.#objects = objects[Symbol.asyncIterator]();
    this.#parse = parse;
  }

  /** Takes those of units below `unit`. */
  async before(unit: number): Promise<NamedObject[]> {
    const taken: NamedObject[] = [];
    for (let next = await this.#peek(); next !== undefined && next.unit < unit; next = await this.#peek()) {
      taken.push(next);
      this.#next = undefined;
    }
    return taken;
  }

  async close(): Promise<void> {
    await this.#objects.return?.();
  }

  async #peek(): Promise<NamedObject | undefined> {
    while (this.#next === undefined && !this.#ended) {
      const next = await this.#objects.next();
      if (next.done === true) {
        this.#ended = true;
        break;
      }
      const name = this.#parse(next.value.key);
      if (name !== undefined) this.#next = { ...name, key: next.value.key };
    }
    return this.#next;
  }
}

/**
 * Removes what losers left behind: parts and quarantine objects that no receipt can list, and plan objects of planners
 * that came second. Safe at any time, also beside living attempts, and harmless when repeated.
 *
 * Temporary data of storages is left alone here (`discardLeftovers`). It is invisible in listings.
 *
 * @returns how many objects were removed.
 */
export async function sweep(
  storage: Storage,
  run: RunFile,
  readGroups: () => AsyncIterable<ReceiptGroup>,
): Promise<number> {
  const keys = runKeys(run.runId);
  let removed = 0;
  if (run.frozen.layout === 'mirror')
    removed += await sweepOutputs(storage, run, leftBehind(storage, run, readGroups()));
  for await (const { key, removable } of orphans(storage, run, readGroups)) {
    if (!removable) continue;
    await storage.remove(key);
    removed++;
  }
  const plan = `${keys.planFolder}${run.plan.sha}/`;
  for await (const { key } of storage.list(keys.planFolder)) {
    if (key.startsWith(plan)) continue;
    await storage.remove(key);
    removed++;
  }
  return removed;
}

async function* leftBehind(
  storage: Storage,
  run: RunFile,
  groups: AsyncIterable<ReceiptGroup>,
): AsyncGenerator<SweptOutput> {
  for await (const output of mirrorOrphans(storage, run, groups)) yield { output };
}

/**
 * Throws away what killed attempts of a run left half-written under names of its own, where the storage can tell: open
 * uploads on S3, which cost money until somebody does. For a run that is complete: what an attempt that still lives
 * loses by it, no receipt could ever list. On disk (`_winnow/tmp`) no name tells whose data it is; in the layout `mirror`
 * outputs have names that the next generation's attempts may be writing to.
 */
export async function discardLeftovers(storage: Storage, run: RunFile): Promise<void> {
  await storage.discardPending(`${runKeys(run.runId).root}/`);
  if (run.frozen.layout === 'parts') await storage.discardPending(partPrefix(run.runId));
}

/**
 * Sweeps a closed run by its compacted ledger: cheap enough for a command that finds nothing else to do. One that was cleared
 * gets its `_SUCCESS` here, should somebody have taken it away: it cannot be closed again.
 */
export async function sweepClosed(storage: Storage, run: RunFile, codec: TextCodec): Promise<number> {
  if ((await storage.stat(runKeys(run.runId).clearing)) !== undefined) await writeSuccess(storage, run);
  if (run.replaces === true) await removeReplaced(storage, run);
  await removeLeft(storage, run, codec);
  return sweep(storage, run, () => ledgerReceipts(storage, runKeys(run.runId), codec));
}
