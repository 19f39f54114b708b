import { ConfigurationError, ConflictError, StorageError, WinnowError } from '../errors.ts';
import { generationKey, generationOf } from '../run-keys.ts';
import type { PartFact, Receipt } from '../shapes/receipt.ts';
import type { Unit } from '../shapes/unit.ts';
import type { PendingObject, Storage } from '../storage/storage.ts';
import { storedDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import { assertEqual, isNotFound } from './objects.ts';

/** Every object that a receipt vouches for, by key. */
export function filesOf(receipt: Receipt): Map<string, Digest> {
  const { parts, quarantine } = receipt;
  const all = quarantine === undefined ? parts : [...parts, quarantine];
  return new Map(all.map(({ key, bytes, sha256 }) => [key, { bytes, sha256 }]));
}

/** Something was there and is not there any more: somebody has seen a receipt, or it was no one of us. */
export const gone = (storage: Storage, key: string): WinnowError =>
  new WinnowError(`${storage.uri}/${key}: was there and is gone`, {
    retryable: true,
    hint: 'let nothing else remove objects from the output of a run',
  });

/** By the keys of outputs: the SHA-256 of what each replaces, or null for whatever stands there (`unsettled`). */
export type Replacements = ReadonlyMap<string, string | null>;

/** In the layout `mirror`: what the plan lets the outputs of a unit replace. */
export const replacementsOf = ({ inputs }: Pick<Unit, 'inputs'>): Replacements =>
  new Map(
    inputs.flatMap(({ output, replaces, unsettled }): [string, string | null][] => {
      const old = unsettled === true ? null : replaces;
      return output === undefined || old === undefined ? [] : [[output, old]];
    }),
  );

/** What keeps a run from writing outputs: the next generation is taken, before a run's end only to give it up. */
export async function givenUp(storage: Storage, runId: string): Promise<WinnowError | undefined> {
  const next = generationOf(runId) + 1;
  if ((await storage.stat(generationKey(next))) === undefined) return undefined;
  return new ConfigurationError(`run ${runId} was given up: generation ${next} takes its place`, {
    hint: 'end what still works on it',
  });
}

/** An object under way and what its receipt says of it. */
interface FileUnderWay {
  readonly object: PendingObject;
  readonly ours: Digest;
  /** It is the output of an input: no other run's name, but a name that anybody may have used. */
  readonly isOutput: boolean;
}

/**
 * Puts the objects of a sub-unit in their places, all durable when it resolves: each created exclusively, or found there
 * and equal. In the layout `mirror` some replace what an earlier generation wrote, which follows from the plan:
 *
 * | under the key of such a part stands  | then                                                                     |
 * |--------------------------------------|--------------------------------------------------------------------------|
 * | the object that is to be replaced    | replaced, if it still is that version; else looked at again              |
 * | the new one                          | nothing: another attempt was here, and may have died before its receipt  |
 * | nothing                              | created exclusively                                                      |
 * | anything else                        | a clash: it stays; where it is unsettled, replaced like the first        |
 *
 * Unsettled is what runs that were given up may have written, or may write still. Such a version is replaced only if, after
 * it was seen, the next generation was not taken yet: so it is none of a later generation's.
 *
 * Gives the clash that was met, which only matters where no receipt stands: with a receipt the sub-unit is decided, and
 * in `mirror` a later generation may have replaced what it lists.
 */
export async function commitFiles(
  storage: Storage,
  pending: readonly PendingObject[],
  receipt: Receipt,
  replaces: Replacements = new Map(),
): Promise<WinnowError | undefined> {
  const files = underWay(pending, receipt);
  const fresh = files.filter(({ object }) => !replaces.has(object.key));
  const outcomes = fresh.length === 0 ? [] : await storage.commit(fresh.map(({ object }) => object));
  for (const [index, file] of fresh.entries()) {
    const clash = outcomes[index] === 'created' ? undefined : await compare(storage, file);
    if (clash) return clash;
  }
  for (const file of files) {
    const old = replaces.get(file.object.key);
    if (old === undefined) continue;
    const clash =
      old === null
        ? await replaceUnsettled(storage, file, receipt.runId)
        : await replacePart(storage, file, old);
    if (clash) return clash;
  }
  return undefined;
}

function underWay(pending: readonly PendingObject[], receipt: Receipt): FileUnderWay[] {
  const files = filesOf(receipt);
  const outputs = new Set(receipt.parts.filter(isOutput).map(({ key }) => key));
  return pending.flatMap((object) => {
    const ours = files.get(object.key);
    return ours === undefined ? [] : [{ object, ours, isOutput: outputs.has(object.key) }];
  });
}

const isOutput = ({ input }: PartFact): boolean => input !== undefined;

async function replacePart(
  storage: Storage,
  file: FileUnderWay,
  old: string,
): Promise<WinnowError | undefined> {
  const { object, ours } = file;
  for (;;) {
    const standing = await storage.stat(object.key);
    const isOld = standing !== undefined && ours.sha256 !== old && (await hasSha(storage, standing, old));
    if (isOld && (await storage.commitOver(object, standing.pin)) === 'changed') continue;
    if (isOld) return undefined;
    // Also where it is the new one already: whoever put it there may have died before the folder was durable.
    const [outcome] = await storage.commit([object]);
    return outcome === 'created' ? undefined : compare(storage, file, old);
  }
}

async function replaceUnsettled(
  storage: Storage,
  file: FileUnderWay,
  runId: string,
): Promise<WinnowError | undefined> {
  const { object, ours } = file;
  for (;;) {
    const standing = await storage.stat(object.key);
    if (standing !== undefined && !(await hasSha(storage, standing, ours.sha256))) {
      const end = await givenUp(storage, runId);
      if (end) return end;
      if ((await storage.commitOver(object, standing.pin)) === 'replaced') return undefined;
      continue;
    }
    const [outcome] = await storage.commit([object]);
    if (outcome === 'created' || (await compare(storage, file)) === undefined) return undefined;
    // Written between the look and the create. What is under way is spent by that; the next attempt replaces it.
    return new WinnowError(`${storage.uri}/${object.key}: a run that was given up has just written it`, {
      retryable: true,
    });
  }
}

/** False also where that version is gone meanwhile. */
async function hasSha(
  storage: Storage,
  { key, pin }: { key: string; pin: string },
  sha256: string,
): Promise<boolean> {
  try {
    return (await storedDigest(storage, key, pin)).sha256 === sha256;
  } catch (error) {
    if (isNotFound(error) || (error instanceof StorageError && error.code === 'changed')) return false;
    throw error;
  }
}

/** What is wrong with an object that stood in the way: nothing where it is equal. */
async function compare(
  storage: Storage,
  { object: { key }, ours, isOutput: output }: FileUnderWay,
  old?: string,
): Promise<WinnowError | undefined> {
  try {
    const theirs = await storedDigest(storage, key);
    if (ours.sha256 === theirs.sha256 && ours.bytes === theirs.bytes) return undefined;
    if (output) return foreign(storage, key, ours, theirs, old);
    assertEqual(storage, key, ours, theirs);
    return undefined;
  } catch (error) {
    if (isNotFound(error)) return gone(storage, key);
    if (error instanceof ConflictError) return error;
    throw error;
  }
}

function foreign(storage: Storage, key: string, ours: Digest, theirs: Digest, old?: string): ConflictError {
  const replaced =
    old === undefined ? '' : `, and an earlier generation wrote the one with sha256 ${old} that it replaces`;
  return new ConflictError(
    `${storage.uri}/${key}: ${theirs.bytes} bytes with sha256 ${theirs.sha256} stand there that are not this run's: ` +
      `this attempt has ${ours.bytes} bytes with sha256 ${ours.sha256}${replaced}`,
    { hint: 'find out who wrote it, move it away and run the same command again' },
  );
}
