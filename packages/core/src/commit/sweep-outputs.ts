import { z } from 'zod';
import { generationKey, generationOf, runIdOf, runKeys } from '../run-keys.ts';
import type { Storage } from '../storage/storage.ts';
import { readGeneration } from './generations.ts';
import { createJson, readJson } from './objects.ts';
import type { RunIdentity } from './success.ts';

/** Outputs that one announcement names. */
const MOST_NAMED = 1000;

const announcement = z.object({ outputs: z.array(z.string()) });

/**
 * Removes outputs that attempts of a run in the layout `mirror` left behind. Their names may be used again by the next
 * generation, and whoever removes may be paused for longer than that takes. So both sides say what they do before they
 * look: a sweep announces the names, then looks whether the next generation is taken, and removes nothing if it is; a
 * planner takes the generation, then looks for announcements, and uses no name in them. At least one sees the other.
 *
 * An announcement is removed with what it named. One that stays is of a sweep that was killed, or that goes on.
 *
 * @returns how many were removed.
 */
export async function sweepOutputs(
  storage: Storage,
  run: RunIdentity,
  orphans: AsyncIterable<string>,
): Promise<number> {
  let removed = 0;
  let outputs: string[] = [];
  const removeThem = async (): Promise<void> => {
    if (outputs.length > 0) removed += await sweepNamed(storage, run, outputs);
    outputs = [];
  };
  for await (const output of orphans) {
    outputs.push(output);
    if (outputs.length === MOST_NAMED) await removeThem();
  }
  await removeThem();
  return removed;
}

async function sweepNamed(storage: Storage, run: RunIdentity, outputs: readonly string[]): Promise<number> {
  const keys = runKeys(run.runId);
  let n = 0;
  while ((await createJson(storage, keys.sweep(n), { outputs })) === 'exists') n++;
  const isTaken = (await storage.stat(generationKey(run.generation + 1))) !== undefined;
  if (!isTaken) for (const output of outputs) await storage.remove(output);
  await storage.remove(keys.sweep(n));
  return isTaken ? 0 : outputs.length;
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

  /**
   * Whether the output of an input that was last looked at by that run is lost to it. A generation that came after the
   * sweep has used the name for all that: it was taken before the announcement, so that the sweep left it alone.
   */
  has(output: string, runId: string): boolean {
    return (this.#generations.get(output) ?? -1) >= generationOf(runId);
  }
}
