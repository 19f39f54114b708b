import { digestOf } from '../../src/commit/digest.ts';
import { highestGeneration, readGeneration, readSuccess } from '../../src/commit/generations.ts';
import { parsePartKey, parseReceiptKey } from '../../src/commit/object-names.ts';
import { verifyRun } from '../../src/commit/verify.ts';
import { publishedKey, runIdOf, runKeys, SUCCESS_KEY } from '../../src/run-keys.ts';
import { generation as generationShape } from '../../src/shapes/generation.ts';
import { receipt as receiptShape } from '../../src/shapes/receipt.ts';
import { MemoryStorage, type MemoryContents } from '../storage/memory-storage.ts';
import { plainCodec } from './plain-codec.ts';
import { runCommand, type Settings } from './toy-command.ts';

interface Taken {
  readonly n: number;
  readonly runId: string;
  readonly replaces: boolean;
}

const textAt = ({ objects }: MemoryContents, key: string): string | undefined => {
  const found = objects.get(key);
  return found === undefined ? undefined : Buffer.from(found.bytes).toString();
};

function generations(contents: MemoryContents): Taken[] {
  const taken: Taken[] = [];
  for (const key of contents.objects.keys()) {
    if (!key.startsWith('_winnow/generations/')) continue;
    const {
      generation: n,
      specHash,
      replaces,
    } = generationShape.parse(JSON.parse(textAt(contents, key) ?? ''));
    taken.push({ n, runId: runIdOf(n, specHash), replaces: replaces === true });
  }
  return taken.sort((a, b) => a.n - b.n);
}

/** Every part that a receipt of the run lists, by its name in the output: its hash. */
function listedParts(contents: MemoryContents, runId: string): Map<string, string> {
  const keys = runKeys(runId);
  const parts = new Map<string, string>();
  for (const key of contents.objects.keys()) {
    if (parseReceiptKey(keys, key) === undefined) continue;
    const receipt = receiptShape.parse(JSON.parse(textAt(contents, key) ?? ''));
    for (const part of receipt.parts) parts.set(publishedKey(keys, part.key), part.sha256);
  }
  return parts;
}

/** Whether all of these parts are to be seen in the output, byte for byte. */
const areSeen = ({ objects }: MemoryContents, parts: ReadonlyMap<string, string>): boolean =>
  [...parts].every(([key, sha256]) => {
    const found = objects.get(key);
    return found !== undefined && digestOf(found.bytes).sha256 === sha256;
  });

/** Parts of a run that are to be seen in the output. */
const seenOf = ({ objects }: MemoryContents, runId: string): string[] =>
  [...objects.keys()].filter((key) => parsePartKey(runKeys(runId), key) !== undefined);

const isPublishing = (contents: MemoryContents, runId: string): boolean =>
  contents.objects.has(runKeys(runId).publication);

/**
 * At any moment: nothing of a run that replaces is to be seen before it begins to publish; what a generation that was
 * complete at the start has written is to be seen whole until all of one that replaces it is; and `_SUCCESS` of one that
 * replaces stands beside no part of a complete run before it.
 */
export function replaceStateFault(contents: MemoryContents): string | undefined {
  const taken = generations(contents);
  const replacing = taken.filter(({ replaces }) => replaces);
  const early = replacing.find(
    ({ runId }) => !isPublishing(contents, runId) && seenOf(contents, runId).length > 0,
  );
  if (early) return `${early.runId} is to be seen before it is published`;
  const first = taken[0];
  const isWhole = ({ runId }: Taken): boolean => areSeen(contents, listedParts(contents, runId));
  const after = replacing.filter(({ runId }) => isPublishing(contents, runId));
  if (first && first.n === 0 && ![first, ...after].some(isWhole))
    return `neither ${first.runId} nor one that replaces it is to be seen whole`;
  return successFault(contents, taken);
}

function successFault(contents: MemoryContents, taken: readonly Taken[]): string | undefined {
  const success = textAt(contents, SUCCESS_KEY);
  if (success === undefined) return undefined;
  const { generation } = JSON.parse(success) as { generation: number };
  const named = taken.find(({ n }) => n === generation);
  if (!named) return `_SUCCESS names generation ${generation}, which nobody took`;
  if (!areSeen(contents, listedParts(contents, named.runId)))
    return `_SUCCESS names ${named.runId}, which is not whole`;
  // A worker of a run that was given up may be late: what it leaves goes with the next command.
  const mixed =
    named.replaces &&
    taken.find(
      ({ n, runId }) =>
        n < named.n && contents.objects.has(runKeys(runId).ledger) && seenOf(contents, runId).length > 0,
    );
  return mixed ? `_SUCCESS names ${named.runId}, but parts of ${mixed.runId} are to be seen` : undefined;
}

/**
 * The command is run again, then one that resumes until it has nothing to do. Then the highest generation is whole and
 * proven, and nothing else is to be seen; no temporary copy is left.
 */
export async function replaceSettledFault(
  contents: MemoryContents,
  command: Settings,
): Promise<string | undefined> {
  const storage = new MemoryStorage(contents);
  await runCommand(storage, command);
  const { intention: _, ...again } = command;
  for (let rounds = 0; (await runCommand(storage, again)) === 'ran'; rounds++)
    if (rounds === 4) return 'the command never comes to "nothing to do"';
  const highest = (await highestGeneration(storage)) ?? -1;
  if ((await readSuccess(storage)) !== highest) return `_SUCCESS does not name generation ${highest}`;
  const { specHash, replaces } = await readGeneration(storage, highest);
  const runId = runIdOf(highest, specHash);
  for await (const { message } of verifyRun(storage, runId, { codec: plainCodec })) return message;
  const parts = [...contents.objects.keys()].filter((key) => key.startsWith('part-'));
  const others = replaces === true ? parts.filter((key) => !key.startsWith(`part-${runId}`)) : [];
  if (others.length > 0) return `${others.join()}: not of ${runId}`;
  const staged = [...contents.objects.keys()].find((key) => /^_winnow\/[^/]+\/parts\//.test(key));
  return staged === undefined ? replaceStateFault(contents) : `${staged} is left`;
}
