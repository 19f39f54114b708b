import { emptyPartKey, partPrefix, runKeys, WINNOW_FOLDER } from '../run-keys.ts';
import { folded } from '../plan/output-names.ts';
import { NameFlags } from '../plan/name-flags.ts';
import { runFile, type RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { readInputs } from './close-inputs.ts';
import { outputsOf, runsBefore, type EarlierOutput } from './earlier-outputs.ts';
import { readGeneration } from './generations.ts';
import { parsePartKey } from './object-names.ts';
import { readJson } from './objects.ts';
import { sweepOutputs, type SweptOutput } from './sweep-outputs.ts';
import type { TextCodec } from './text-codec.ts';

/** What stands in an output though the run that took the place of all before has no such output. */
export interface LeftOutput extends EarlierOutput {
  /** The name holds the run: nobody else's can stand there. */
  readonly isPart: boolean;
  /** An input has that name, but not what stands there: the next generation that finds the input settles it. */
  readonly unsettled: boolean;
}

/** What is known of a name: in its folded form what the inputs of today say, as it is what there was before. */
const LISTED = 1;
const NAMED = 2;
const EARLIER = 4;
const STANDS = 8;

/**
 * Finds what runs before one that replaced them wrote in the layout `mirror`, and what still stands there without being an
 * output of today: of inputs that are gone or that no receipt lists, of inputs that got other names, of late writers. Of each
 * name all versions that receipts list, the latest first. If the run itself has that layout, parts of then are found too.
 *
 * For a run whose inputs are written. Memory: hashes of names; the output is listed only if there is anything to look for.
 */
export async function* leftOutputs(
  storage: Storage,
  run: RunFile,
  codec: TextCodec,
): AsyncGenerator<LeftOutput> {
  const before = await runsReplaced(storage, run.generation);
  if (before.length === 0) return;
  const names = await namesOfToday(storage, run, codec);
  const isListed = (output: string): boolean => (names.of(folded(output)) & LISTED) !== 0;
  const unsettled = (output: string): boolean => (names.of(folded(output)) & NAMED) !== 0;
  if (run.frozen.layout === 'mirror')
    for (const runId of before)
      for await (const output of partsOf(storage, runId))
        if (!isListed(output))
          yield { runId, output, sha256: undefined, isPart: true, unsettled: unsettled(output) };
  let isAny = false;
  for (const runId of before)
    for await (const { output } of outputsOf(storage, runId, codec)) {
      if (isListed(output)) continue;
      names.add(output, EARLIER);
      isAny = true;
    }
  if (!isAny || !(await markStanding(storage, names))) return;
  for (const runId of before.reverse())
    for await (const earlier of outputsOf(storage, runId, codec))
      if ((names.of(earlier.output) & STANDS) !== 0)
        yield { ...earlier, isPart: false, unsettled: unsettled(earlier.output) };
}

/**
 * Removes them: only under the hash that a receipt of then lists. Names are announced, for a later generation may use them
 * again (`sweep-outputs.ts`).
 *
 * @returns the names of those that stay, for what stands there is of none of the versions known
 */
export async function removeLeft(storage: Storage, run: RunFile, codec: TextCodec): Promise<string[]> {
  const stay = new Set<string>();
  async function* known(): AsyncGenerator<SweptOutput> {
    for await (const { output, sha256, isPart, unsettled } of leftOutputs(storage, run, codec))
      if (isPart || sha256 !== undefined) yield { output, sha256 };
      else if (!unsettled) stay.add(output);
  }
  await sweepOutputs(storage, run, known(), ({ output }, isRemoved) => {
    if (isRemoved) stay.delete(output);
    else stay.add(output);
  });
  return [...stay].sort();
}

/** The runs of all generations before the last one that replaced, as seen from a generation. */
async function runsReplaced(storage: Storage, generation: number): Promise<string[]> {
  for (let n = generation; n > 0; n--)
    if ((await readGeneration(storage, n)).replaces === true) return runsBefore(storage, n);
  return [];
}

async function namesOfToday(storage: Storage, run: RunFile, codec: TextCodec): Promise<NameFlags> {
  const names = new NameFlags();
  for await (const { output, sha256, unsettled } of readInputs(storage, run.runId, codec)) {
    if (output === undefined) continue;
    if (sha256 !== undefined) names.add(folded(output), LISTED);
    else if (unsettled === true) names.add(folded(output), NAMED);
  }
  return names;
}

/** False where nothing of what there was stands. */
async function markStanding(storage: Storage, names: NameFlags): Promise<boolean> {
  let stands = false;
  for await (const { key } of storage.list('', { enters: (folder) => folder !== WINNOW_FOLDER })) {
    if ((names.of(key) & EARLIER) === 0) continue;
    names.add(key, STANDS);
    stands = true;
  }
  return stands;
}

/** What stands in the output under names of parts of a run in the layout `parts`. */
async function* partsOf(storage: Storage, runId: string): AsyncGenerator<string> {
  const run = await readJson(storage, runKeys(runId).run, runFile);
  if (run?.frozen.layout !== 'parts') return;
  const empty = emptyPartKey(runId, run.frozen.format);
  for await (const { key } of storage.list('', { begins: partPrefix(runId) }))
    if (key === empty || parsePartKey(runKeys(runId), key) !== undefined) yield key;
}
