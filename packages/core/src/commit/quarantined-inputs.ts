import { NameFlags } from '../plan/name-flags.ts';
import { ledgerReceipts } from '../ledger/receipts.ts';
import { runIdOf, runKeys } from '../run-keys.ts';
import type { InputOutcome } from '../shapes/generation.ts';
import { quarantineLine, type QuarantineLine } from '../shapes/quarantine-line.ts';
import type { Storage } from '../storage/storage.ts';
import { readInputs } from './close-inputs.ts';
import { readGeneration } from './generations.ts';
import { parseJson } from './objects.ts';
import type { TextCodec } from './text-codec.ts';

const WAITS = 1;

/** Of one name for the input in the quarantine of a run. */
const nameOf = (runId: string, input: string): string => `${runId} ${input}`;

/**
 * The quarantine of an output in the layout `mirror`, before a generation. An input is written anew as a whole there, so that
 * of its records only those wait that the run found bad which looked at it last: a redrive, or a run over a changed input, takes over
 * what stood in quarantine of it before. All runs before the generation are closed.
 */
export class MirrorQuarantine {
  readonly #storage: Storage;
  readonly #codec: TextCodec;
  readonly #runs: readonly string[];
  /** Memory: hashes. Two that are the same have an input done again in vain. */
  readonly #latest = new NameFlags();

  private constructor(storage: Storage, codec: TextCodec, runs: readonly string[]) {
    this.#storage = storage;
    this.#codec = codec;
    this.#runs = runs;
  }

  static async before(storage: Storage, generation: number, codec: TextCodec): Promise<MirrorQuarantine> {
    const quarantine = new MirrorQuarantine(storage, codec, await runsSinceReplaced(storage, generation));
    for await (const { key, runId } of quarantine.#inputs())
      quarantine.#latest.add(nameOf(runId, key), WAITS);
    return quarantine;
  }

  /** The runs of which records may wait. */
  get runs(): readonly string[] {
    return this.#runs;
  }

  /** Whether what that run found bad in the input waits still. */
  waits(runId: string, input: string): boolean {
    return this.#latest.of(nameOf(runId, input)) !== 0;
  }

  /** The records that wait: where each stands. */
  async *records(): AsyncGenerator<{
    readonly runId: string;
    readonly input: string;
    readonly offset: number;
  }> {
    for (const runId of this.#runs)
      for await (const { input, offset } of this.#quarantineOf(runId))
        if (this.waits(runId, input)) yield { runId, input, offset };
  }

  /** The inputs that have such records, in the order of their keys, with what became of them. */
  async *inputs(): AsyncGenerator<InputOutcome> {
    const bad = new NameFlags();
    let isAny = false;
    for await (const { runId, input } of this.records()) {
      bad.add(nameOf(runId, input), WAITS);
      isAny = true;
    }
    if (!isAny) return;
    for await (const outcome of this.#inputs())
      if (bad.of(nameOf(outcome.runId, outcome.key)) !== 0) yield outcome;
  }

  async *#quarantineOf(runId: string): AsyncGenerator<QuarantineLine> {
    for await (const { found } of ledgerReceipts(this.#storage, runKeys(runId), this.#codec))
      for (const { receipt } of found) {
        const key = receipt?.quarantine?.key;
        if (key === undefined) continue;
        for await (const text of this.#codec.lines(this.#storage.read(key)))
          yield parseJson(Buffer.from(text), key, quarantineLine);
      }
  }

  async *#inputs(): AsyncGenerator<InputOutcome> {
    const latest = this.#runs.at(-1);
    if (latest !== undefined) yield* readInputs(this.#storage, latest, this.#codec);
  }
}

/** The runs before a generation, from the last one on that took the place of all before. */
async function runsSinceReplaced(storage: Storage, generation: number): Promise<string[]> {
  const runs: string[] = [];
  for (let n = generation - 1; n >= 0; n--) {
    const { specHash, replaces } = await readGeneration(storage, n);
    runs.unshift(runIdOf(n, specHash));
    if (replaces === true) break;
  }
  return runs;
}
