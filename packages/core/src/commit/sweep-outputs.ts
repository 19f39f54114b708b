import { z } from 'zod';
import { generationKey, generationOf, runIdOf, runKeys } from '../run-keys.ts';
import { orderedAhead } from '../ledger/ordered-ahead.ts';
import type { Storage } from '../storage/storage.ts';
import { standingSha256 } from './digest.ts';
import { readGeneration } from './generations.ts';
import { createJson, readJson } from './objects.ts';
import type { RunIdentity } from './success.ts';

/** Outputs that are removed at once. */
const REMOVALS_AT_ONCE = 16;

/** Outputs that one announcement names. */
const MOST_NAMED = 1000;

const announcement = z.object({ outputs: z.array(z.string()) });

/** An output that is to go. */
export interface SweptOutput {
  readonly output: string;
  /** It goes only while it has this hash. */
  readonly sha256?: string | undefined;
}

/**
 * Removes outputs that attempts of a run in the layout `mirror` left behind. Or those that a run
 * has taken the place of. Their names may be used again by the next
 * generation, and whoever removes may be paused for longer than that takes. So both sides say what they do before they
 * look: a sweep announces the names, then looks whether the next generation is taken, and removes nothing if it is; a
 * planner takes the generation, then looks for announcements, and uses no name in them. At least one sees the other.
 *
 * An announcement is removed with what it named. One that stays is of a sweep that was killed, or that goes on.
 *
 * @param told of each what became of it; of none where the next generation is taken.
 * @returns how many were removed.
 */
export async function sweepOutputs(
  storage: Storage,
  run: RunIdentity,
  orphans: AsyncIterable<SweptOutput>,
  told: (output: SweptOutput, isRemoved: boolean) => void = () => undefined,
): Promise<number> {
  let removed = 0;
  let outputs: SweptOutput[] = [];
  const removeThem = async (): Promise<void> => {
    for await (const [output, isRemoved] of sweepNamed(storage, run, outputs)) {
      told(output, isRemoved);
      if (isRemoved) removed++;
    }
    outputs = [];
  };
  for await (const output of orphans) {
    outputs.push(output);
    if (outputs.length === MOST_NAMED) await removeThem();
  }
  await removeThem();
  return removed;
}

async function* sweepNamed(
  storage: Storage,
  run: RunIdentity,
  outputs: readonly SweptOutput[],
): AsyncGenerator<[SweptOutput, boolean]> {
  if (outputs.length === 0) return;
  const keys = runKeys(run.runId);
  const named = { outputs: outputs.map(({ output }) => output) };
  let n = 0;
  while ((await createJson(storage, keys.sweep(n), named)) === 'exists') n++;
  const isTaken = (await storage.stat(generationKey(run.generation + 1))) !== undefined;
  const remove = async (output: SweptOutput): Promise<[SweptOutput, boolean]> => [
    output,
    await removeOutput(storage, output),
  ];
  if (!isTaken) yield* orderedAhead(outputs, REMOVALS_AT_ONCE, remove);
  await storage.remove(keys.sweep(n));
}

async function removeOutput(storage: Storage, { output, sha256 }: SweptOutput): Promise<boolean> {
  if (sha256 !== undefined) {
    const standing = await standingSha256(storage, output);
    if (standing !== sha256) return standing === undefined;
  }
  await storage.remove(output);
  return true;
}

/** Names of outputs that a sweep may remove at any moment: no plan may use them. */
export class SweptNames {
  /** By name, the last generation whose sweep announced it. */
  readonly #generations: ReadonlyMap<string, number>;

  private constructor(generations: ReadonlyMap<string, number>) {
    this.#generations = generations;
  }

  /** Those announced by generations before this one. To be read after it was taken. */
  static async before(storage: Storage, generation: number): Promise<SweptNames> {
    const generations = new Map<string, number>();
    for (let n = 0; n < generation; n++) {
      const { sweeps } = runKeys(runIdOf(n, (await readGeneration(storage, n)).specHash));
      for await (const { key } of storage.list(sweeps))
        for (const output of (await readJson(storage, key, announcement))?.outputs ?? [])
          generations.set(output, n);
    }
    return new SweptNames(generations);
  }

  get names(): Iterable<string> {
    return this.#generations.keys();
  }

  /** The names that are lost to all, given the outputs of all generations: no later one has used them for all that. */
  async *lost(outputs: AsyncIterable<{ output: string; runId: string }>): AsyncGenerator<string> {
    if (this.#generations.size === 0) return;
    const lost = new Set(this.#generations.keys());
    for await (const { output, runId } of outputs) if (!this.has(output, runId)) lost.delete(output);
    yield* lost;
  }

  /**
   * Whether the output of an input that was last looked at by that run is lost to it. A generation that came after the
   * sweep has used the name for all that: it was taken before the announcement, so that the sweep left it alone.
   */
  has(output: string, runId: string): boolean {
    return (this.#generations.get(output) ?? -1) >= generationOf(runId);
  }
}
