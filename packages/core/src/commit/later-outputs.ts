import { compareKeys } from '../key-order.ts';
import { generationKey, runIdOf, runKeys } from '../run-keys.ts';
import type { PartFact } from '../shapes/receipt.ts';
import { runFile, type RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { mergeSorted, readInputs } from './close-inputs.ts';
import { readGeneration } from './generations.ts';
import { readJson } from './objects.ts';
import { readUnits } from './run-file.ts';
import type { TextCodec } from './text-codec.ts';

/** What is known of an input's output after some run. */
interface LaterOutput {
  readonly key: string;
  /** Of what a receipt lists; undefined while a generation that is not closed may be replacing it. */
  readonly sha256: string | undefined;
}

/**
 * Which parts of a run in the layout `mirror` later generations have replaced, or are about to. Asked for parts in the
 * order of their inputs within each memory class, it goes through the later inputs once a class, in the memory of one.
 */
export class LaterOutputs {
  readonly #open: () => AsyncIterable<LaterOutput>;
  #outputs: AsyncIterator<LaterOutput> | undefined;
  #next: LaterOutput | undefined;
  #asked = '';

  private constructor(open: () => AsyncIterable<LaterOutput>) {
    this.#open = open;
  }

  /** Undefined where no later generation has a plan. */
  static async after(storage: Storage, run: RunFile, codec: TextCodec): Promise<LaterOutputs | undefined> {
    let closed: string | undefined;
    const open: RunFile[] = [];
    for (let n = run.generation + 1; (await storage.stat(generationKey(n))) !== undefined; n++) {
      const runId = runIdOf(n, (await readGeneration(storage, n)).specHash);
      if ((await storage.stat(runKeys(runId).inputs)) !== undefined) closed = runId;
      else {
        // Of those that were given up, too, something may stand.
        const planned = await readJson(storage, runKeys(runId).run, runFile);
        if (planned) open.push(planned);
      }
    }
    if (closed === undefined && open.length === 0) return undefined;
    return new LaterOutputs(() =>
      mergeSorted(
        [
          ...open.flatMap((planned) => inWork(storage, planned)),
          ...(closed === undefined ? [] : [written(storage, closed, codec)]),
        ],
        (a, b) => compareKeys(a.key, b.key),
      ),
    );
  }

  /** Whether something else than this part may stand under its key, and rightly so. */
  async supersede({ input, sha256 }: PartFact): Promise<boolean> {
    if (input === undefined) return false;
    if (compareKeys(input, this.#asked) < 0) await this.close();
    this.#asked = input;
    if (this.#outputs === undefined) {
      this.#outputs = this.#open()[Symbol.asyncIterator]();
      await this.#advance();
    }
    while (this.#next !== undefined && compareKeys(this.#next.key, input) < 0) await this.#advance();
    return this.#next?.key === input && this.#next.sha256 !== sha256;
  }

  /** Harmless when repeated; what is asked afterwards begins anew. */
  async close(): Promise<void> {
    await this.#outputs?.return?.();
    this.#outputs = undefined;
  }

  async #advance(): Promise<void> {
    const next = await this.#outputs?.next();
    this.#next = next === undefined || next.done === true ? undefined : next.value;
  }
}

/** Of a plan that is not closed: within a memory class its inputs are in order. */
const inWork = (storage: Storage, run: RunFile): AsyncIterable<LaterOutput>[] =>
  run.plan.classes.map(async function* ({ firstUnit, units }) {
    for await (const { inputs } of readUnits(storage, run, firstUnit, units))
      for (const { key, output } of inputs) if (output !== undefined) yield { key, sha256: undefined };
  });

async function* written(storage: Storage, runId: string, codec: TextCodec): AsyncGenerator<LaterOutput> {
  for await (const { key, output, sha256, unsettled } of readInputs(storage, runId, codec))
    if (output !== undefined) yield { key, sha256: unsettled === true ? undefined : sha256 };
}
