import { createHash } from 'node:crypto';
import { WinnowError } from '../errors.ts';
import { placedUnits } from '../ledger/line-bases.ts';
import { runKeys } from '../run-keys.ts';
import type { LineBase } from '../shapes/generation.ts';
import type { Storage } from '../storage/storage.ts';
import type { Digest } from './digest.ts';
import { createExactlyFrom } from './objects.ts';
import { readRun } from './run-file.ts';
import type { TextCodec } from './text-codec.ts';

/**
 * Writes down where in their inputs the quarantined records of a finished run stand, while its plan is there to tell. Text as it
 * is, so that every version of Winnow makes the same bytes of the same run.
 *
 * @returns nothing where nothing is in quarantine, or the plan does not tell: it is damaged, or `winnow gc` has begun
 */
export async function writeLineBases(
  storage: Storage,
  runId: string,
  codec: TextCodec,
): Promise<Digest | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  let notTold: unknown;
  async function* lines(): AsyncGenerator<Uint8Array> {
    try {
      for await (const base of lineBases(storage, runId, codec)) {
        const line = Buffer.from(`${JSON.stringify(base)}\n`);
        hash.update(line);
        bytes += line.length;
        yield line;
      }
    } catch (error) {
      notTold = error;
      throw error;
    }
  }
  const text = lines();
  try {
    const first = await text.next();
    if (first.done === true) return undefined;
    const all = async function* (): AsyncGenerator<Uint8Array> {
      yield first.value;
      yield* text;
    };
    await createExactlyFrom(storage, runKeys(runId).lineBases, all());
    return { bytes, sha256: hash.digest('hex') };
  } catch (error) {
    if (error !== notTold || !(error instanceof WinnowError) || error.retryable) throw error;
    return undefined;
  }
}

async function* lineBases(storage: Storage, runId: string, codec: TextCodec): AsyncGenerator<LineBase> {
  for await (const { receipts } of placedUnits(storage, await readRun(storage, runId), codec))
    for (const { receipt, linesBefore } of receipts)
      if (receipt.quarantine && linesBefore !== undefined)
        yield { unit: receipt.unit, sub: receipt.sub, lines: linesBefore };
}
