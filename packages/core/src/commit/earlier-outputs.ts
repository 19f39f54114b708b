import { runIdOf, runKeys } from '../run-keys.ts';
import { ledgerReceipts, storedReceipts } from '../ledger/receipts.ts';
import { runFile, type RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { readInputs } from './close-inputs.ts';
import { readGeneration } from './generations.ts';
import { readJson } from './objects.ts';
import { readUnits } from './run-file.ts';
import type { TextCodec } from './text-codec.ts';

/** A name under which a run in the layout `mirror` wrote an output, or may have. */
export interface EarlierOutput {
  readonly runId: string;
  readonly output: string;
  /** Of what a receipt lists; undefined where what stands there may be what no receipt tells of. */
  readonly sha256: string | undefined;
}

/**
 * The outputs of all generations before one, as a run that replaces finds them. Of several that tell of a name the last
 * knows what stands there: the generation that wrote it last, or one that was given up and may be writing it still.
 */
export async function* earlierOutputs(
  storage: Storage,
  generation: number,
  codec: TextCodec,
): AsyncGenerator<EarlierOutput> {
  const runs = await runsBefore(storage, generation);
  let lastClosed: string | undefined;
  for (const runId of runs) if ((await storage.stat(runKeys(runId).inputs)) !== undefined) lastClosed = runId;
  for (const runId of runs) {
    yield* outputsOf(storage, runId, codec);
    if (runId !== lastClosed) continue;
    for await (const { output, unsettled } of readInputs(storage, runId, codec))
      if (output !== undefined && unsettled === true) yield { runId, output, sha256: undefined };
  }
}

/** The runs of all generations before one. */
export async function runsBefore(storage: Storage, generation: number): Promise<string[]> {
  const runs: string[] = [];
  for (let n = 0; n < generation; n++) runs.push(runIdOf(n, (await readGeneration(storage, n)).specHash));
  return runs;
}

/**
 * The outputs that a run lists. Where it has no ledger, first those that it planned: it may have written any of them
 * without a receipt. None of a run in the layout `parts`.
 */
export async function* outputsOf(
  storage: Storage,
  runId: string,
  codec: TextCodec,
): AsyncGenerator<EarlierOutput> {
  const keys = runKeys(runId);
  const run = await readJson(storage, keys.run, runFile);
  if (run?.frozen.layout !== 'mirror') return;
  const isComplete = (await storage.stat(keys.ledger)) !== undefined;
  if (!isComplete) yield* plannedOutputs(storage, run);
  const groups = isComplete ? ledgerReceipts(storage, keys, codec) : storedReceipts(storage, keys);
  for await (const { found } of groups)
    for (const { receipt } of found)
      for (const { key, sha256 } of receipt?.parts ?? []) yield { runId, output: key, sha256 };
}

async function* plannedOutputs(storage: Storage, run: RunFile): AsyncGenerator<EarlierOutput> {
  for await (const { inputs } of readUnits(storage, run))
    for (const { output } of inputs)
      if (output !== undefined) yield { runId: run.runId, output, sha256: undefined };
}
