import { SUCCESS_KEY, WINNOW_FOLDER } from '../run-keys.ts';
import type { Storage } from '../storage/storage.ts';
import { NameFlags } from './name-flags.ts';
import type { UnitShare } from './unit-spool.ts';

const NAMED = 3;

/** What stands in an output under names that a plan is to create. */
export interface InTheWay {
  readonly total: number;
  /** Some of them. */
  readonly first: readonly string[];
}

/**
 * Looks through the output for objects under names of a plan that are to be new. Before the first attempt of a
 * generation nothing but a stranger's object can stand there, and then none of it must be done: later nobody could tell
 * such an object from what an attempt left behind. The names are read only where the output holds anything but
 * Winnow's own, and known by their hashes.
 */
export async function objectsInTheWay(
  storage: Storage,
  shares: () => AsyncIterable<UnitShare>,
): Promise<InTheWay> {
  let planned: NameFlags | undefined;
  const first: string[] = [];
  let total = 0;
  for await (const { key } of storage.list('', { enters: (folder) => folder !== WINNOW_FOLDER })) {
    if (key === SUCCESS_KEY) continue;
    planned ??= await newNames(shares());
    if (planned.of(key) === 0) continue;
    total++;
    if (first.length < NAMED) first.push(key);
  }
  return { total, first };
}

async function newNames(shares: AsyncIterable<UnitShare>): Promise<NameFlags> {
  const names = new NameFlags();
  for await (const { input } of shares) {
    const { output, replaces, unsettled } = input;
    if (output !== undefined && replaces === undefined && unsettled !== true) names.add(output, 1);
  }
  return names;
}
