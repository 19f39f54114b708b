import { readInputs } from '../../src/commit/close-inputs.ts';
import { digestOf } from '../../src/commit/digest.ts';
import { highestGeneration, readGeneration, readSuccess } from '../../src/commit/generations.ts';
import { parseReceiptKey } from '../../src/commit/object-names.ts';
import { verifyRun } from '../../src/commit/verify.ts';
import { SUCCESS_KEY, runIdOf, runKeys } from '../../src/run-keys.ts';
import { generation as generationShape } from '../../src/shapes/generation.ts';
import { receipt as receiptShape } from '../../src/shapes/receipt.ts';
import { runFile } from '../../src/shapes/run.ts';
import { MemoryStorage, type MemoryContents } from '../storage/memory-storage.ts';
import { OUTPUTS, outputBytes } from './mirror-run.ts';
import { plainCodec } from './plain-codec.ts';
import { SOURCE } from './small-run.ts';
import { runCommand, type Settings } from './toy-command.ts';

/** A generation as the objects tell of it. */
interface Taken {
  readonly n: number;
  readonly runId: string;
  readonly replaces: boolean;
  readonly isComplete: boolean;
  /** The names that its plan has. */
  readonly planned: ReadonlySet<string>;
  /** By the names that its receipts list: the hash. */
  readonly listed: ReadonlyMap<string, string>;
}

const textAt = ({ objects }: MemoryContents, key: string): string | undefined => {
  const found = objects.get(key);
  return found === undefined ? undefined : Buffer.from(found.bytes).toString();
};

function takenIn(contents: MemoryContents): Taken[] {
  const taken: Taken[] = [];
  for (const key of contents.objects.keys()) {
    if (!key.startsWith('_winnow/generations/')) continue;
    const found = generationShape.parse(JSON.parse(textAt(contents, key) ?? ''));
    const runId = runIdOf(found.generation, found.specHash);
    taken.push({
      ...{ n: found.generation, runId, replaces: found.replaces === true },
      isComplete: contents.objects.has(runKeys(runId).inputs),
      planned: plannedIn(contents, runId),
      listed: listedIn(contents, runId),
    });
  }
  return taken.sort((a, b) => a.n - b.n);
}

function plannedIn(contents: MemoryContents, runId: string): Set<string> {
  const text = textAt(contents, runKeys(runId).run);
  if (text === undefined) return new Set();
  const { plan } = runFile.parse(JSON.parse(text));
  const lines = (textAt(contents, runKeys(runId).planObject(plan.sha, 0)) ?? '').trim().split('\n');
  return new Set(
    lines
      .filter((line) => line !== '')
      .flatMap((line) => (JSON.parse(line) as { inputs: { output: string }[] }).inputs)
      .map(({ output }) => output),
  );
}

function listedIn(contents: MemoryContents, runId: string): Map<string, string> {
  const listed = new Map<string, string>();
  for (const key of contents.objects.keys()) {
    if (parseReceiptKey(runKeys(runId), key) === undefined) continue;
    const { parts } = receiptShape.parse(JSON.parse(textAt(contents, key) ?? ''));
    for (const part of parts) listed.set(part.key, part.sha256);
  }
  return listed;
}

const standingAt = ({ objects }: MemoryContents, key: string): string | undefined => {
  const found = objects.get(key);
  return found === undefined ? undefined : digestOf(found.bytes).sha256;
};

/**
 * At any moment: what a receipt lists stands there byte for byte, unless a later generation is to replace it, or has taken
 * the place of all that was before; and `_SUCCESS` speaks for nothing but what its run lists, where that run replaces.
 */
export function mirrorReplaceStateFault(contents: MemoryContents): string | undefined {
  const taken = takenIn(contents);
  for (const { n, runId, listed } of taken) {
    const later = taken.filter((other) => other.n > n);
    for (const [output, sha256] of listed) {
      if (later.some(({ replaces, isComplete }) => replaces && isComplete)) continue;
      const standing = standingAt(contents, output);
      if (standing === undefined) return `${runId} lists ${output}, which is not there`;
      if (standing !== sha256 && !later.some(({ planned }) => planned.has(output)))
        return `${runId} lists ${output} with another hash`;
    }
  }
  return successFault(contents, taken);
}

function successFault(contents: MemoryContents, taken: readonly Taken[]): string | undefined {
  const text = textAt(contents, SUCCESS_KEY);
  if (text === undefined) return undefined;
  const { generation } = JSON.parse(text) as { generation: number };
  const named = taken.find(({ n }) => n === generation);
  if (!named?.isComplete) return `_SUCCESS names generation ${generation}, which is not complete`;
  for (const output of named.listed.keys())
    if (standingAt(contents, output) === undefined)
      return `_SUCCESS names ${named.runId}, but ${output} is gone`;
  // A late closer may have named it for the moment until its second look.
  if (taken.some(({ n }) => n > generation)) return undefined;
  if (!named.replaces) return undefined;
  for (const { n, runId, isComplete, listed } of taken) {
    if (n >= generation || !isComplete) continue;
    for (const [output, sha256] of listed)
      if (!named.listed.has(output) && standingAt(contents, output) === sha256)
        return `_SUCCESS names ${named.runId}, but ${output} of ${runId} is to be seen`;
  }
  return undefined;
}

/**
 * The command is run again, then one that resumes until it has nothing to do. Then each input has its output, as the spec of
 * the latest run gives it, and `verify` proves it; nothing else stands there but what attempts of runs that were given up
 * left without a receipt, and that `verify` finds.
 */
export async function mirrorReplaceSettledFault(
  contents: MemoryContents,
  command: Settings,
): Promise<string | undefined> {
  const storage = new MemoryStorage(contents);
  await runCommand(storage, command);
  const again: Settings = { ...command, intention: 'resume' };
  for (let rounds = 0; (await runCommand(storage, again)) === 'ran'; rounds++)
    if (rounds === 4) return 'the command never comes to "nothing to do"';
  const highest = (await highestGeneration(storage)) ?? -1;
  if ((await readSuccess(storage)) !== highest) return `_SUCCESS does not name generation ${highest}`;
  const runId = runIdOf(highest, (await readGeneration(storage, highest)).specHash);
  const left = new Set<string>();
  for await (const { kind, key, message } of verifyRun(storage, runId, { codec: plainCodec }))
    if (kind === 'orphan' && isUnlisted(contents, key)) left.add(key);
    else return `verify: ${message}`;
  const known = new Map<string, string | undefined>();
  for await (const { key, output = '', sha256, unsettled, outcome } of readInputs(
    storage,
    runId,
    plainCodec,
  )) {
    known.set(output, unsettled ? undefined : sha256);
    const text = textAt(contents, SOURCE + key);
    if (text === undefined) continue;
    if (outcome !== 'done' || unsettled) return `${key} is there, but ${outcome}`;
    if (sha256 !== digestOf(outputBytes(text, command.specHash)).sha256)
      return `${key} has the output of an earlier version, or spec`;
  }
  for (const key of contents.objects.keys()) {
    if (!key.startsWith(OUTPUTS) || left.has(key)) continue;
    if (!known.has(key)) return `${key} is in no ledger, and verify does not find it`;
    const sha256 = known.get(key);
    if (sha256 !== undefined && sha256 !== standingAt(contents, key))
      return `${key} is not what the ledger lists`;
  }
  for (const key of known.keys()) left.delete(key);
  return mirrorReplaceStateFault(contents);
}

/** What stands there no receipt lists, but a run without a ledger has planned. */
function isUnlisted(contents: MemoryContents, key: string): boolean {
  const standing = standingAt(contents, key);
  const taken = takenIn(contents);
  return (
    taken.some(({ isComplete, planned }) => !isComplete && planned.has(key)) &&
    !taken.some(({ listed }) => listed.get(key) === standing)
  );
}
