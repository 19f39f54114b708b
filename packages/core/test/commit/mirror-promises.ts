import { readInputs } from '../../src/commit/close-inputs.ts';
import { digestOf } from '../../src/commit/digest.ts';
import { highestGeneration, readGeneration, readSuccess } from '../../src/commit/generations.ts';
import { parseReceiptKey } from '../../src/commit/object-names.ts';
import { verifyRun } from '../../src/commit/verify.ts';
import { runIdOf, runKeys } from '../../src/run-keys.ts';
import { receipt as receiptShape } from '../../src/shapes/receipt.ts';
import { runFile } from '../../src/shapes/run.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { MemoryContents } from '../storage/memory-storage.ts';
import { OUTPUTS, outputBytes } from './mirror-run.ts';
import { plainCodec } from './plain-codec.ts';
import { SOURCE, SPEC_HASH } from './small-run.ts';
import { runCommand } from './toy-command.ts';

const MIRROR = { layout: 'mirror' } as const;
const GENERATIONS = [0, 1, 2, 3];

const textAt = (contents: MemoryContents, key: string): string | undefined => {
  const found = contents.objects.get(key);
  return found === undefined ? undefined : Buffer.from(found.bytes).toString();
};

/** The names that the plan of a generation has, as far as it is sealed. */
function plannedOutputs(contents: MemoryContents, generation: number): Set<string> {
  const keys = runKeys(runIdOf(generation, SPEC_HASH));
  const text = textAt(contents, keys.run);
  if (text === undefined) return new Set();
  const { plan } = runFile.parse(JSON.parse(text));
  const lines = (textAt(contents, keys.planObject(plan.sha, 0)) ?? '').trim().split('\n');
  return new Set(
    lines.flatMap((line) =>
      (JSON.parse(line) as { inputs: { output: string }[] }).inputs.map((input) => input.output),
    ),
  );
}

/** At any moment: what a receipt lists is there, byte for byte, unless a later generation is to replace it. */
export function mirrorStateFault(contents: MemoryContents): string | undefined {
  for (const generation of GENERATIONS) {
    const keys = runKeys(runIdOf(generation, SPEC_HASH));
    const later = GENERATIONS.filter((n) => n > generation).map((n) => plannedOutputs(contents, n));
    for (const [key, { bytes }] of contents.objects) {
      if (parseReceiptKey(keys, key) === undefined) continue;
      const receipt = receiptShape.parse(JSON.parse(Buffer.from(bytes).toString()));
      for (const part of receipt.parts) {
        const stored = contents.objects.get(part.key);
        if (stored === undefined) return `${key} lists ${part.key}, which is not there`;
        if (later.some((outputs) => outputs.has(part.key))) continue;
        if (digestOf(stored.bytes).sha256 !== part.sha256)
          return `${key} lists ${part.key} with another hash`;
      }
    }
  }
  return undefined;
}

/**
 * Runs the same command until it has nothing to do. Then verify finds nothing in any generation; each input that is
 * there has its output, of what it holds now; and nothing else calls itself an output but those that the ledger lists.
 */
export async function mirrorSettledFault(contents: MemoryContents): Promise<string | undefined> {
  const storage = new MemoryStorage(contents);
  for (let rounds = 0; (await runCommand(storage, MIRROR)) === 'ran'; rounds++)
    if (rounds === 4) return 'the command never comes to "nothing to do"';
  const highest = (await highestGeneration(storage)) ?? -1;
  if ((await readSuccess(storage)) !== highest) return `_SUCCESS does not name generation ${highest}`;
  let runId = '';
  for (let generation = 0; generation <= highest; generation++) {
    runId = runIdOf(generation, (await readGeneration(storage, generation)).specHash);
    for await (const finding of verifyRun(storage, runId, { codec: plainCodec }))
      return `generation ${generation}: ${finding.message}`;
  }
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
    if (sha256 !== digestOf(outputBytes(text)).sha256) return `${key} has the output of an earlier version`;
  }
  for (const [key, { bytes }] of contents.objects) {
    if (!key.startsWith(OUTPUTS)) continue;
    if (!known.has(key)) return `${key} is in no ledger`;
    const sha256 = known.get(key);
    if (sha256 !== undefined && sha256 !== digestOf(bytes).sha256)
      return `${key} is not what the ledger lists`;
  }
  return mirrorStateFault(contents);
}
