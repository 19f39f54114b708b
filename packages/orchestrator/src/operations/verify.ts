import { sumLedger, verifyRun, zstdTextCodec } from '@winnow/core';
import type { Hooks, RunReference, Verification } from './operations.ts';
import type { Opening } from '../run/place.ts';
import { openStoredRun } from './stored-run.ts';

/** Proves a run from its files alone: what is wrong, a sentence each. */
export async function verifyStored(
  reference: RunReference,
  opening: Opening,
  { signal }: Pick<Hooks, 'signal'>,
): Promise<Verification> {
  const { output, run } = await openStoredRun(reference, opening);
  const problems: string[] = [];
  for await (const { message } of verifyRun(output, run.runId, { codec: zstdTextCodec })) {
    signal.throwIfAborted();
    problems.push(message);
  }
  const { sums } = await sumLedger(output, run);
  return {
    runId: run.runId,
    receipts: sums.subUnits,
    parts: sums.parts.total,
    rows: sums.records.written,
    bytes: sums.bytes.written,
    problems,
  };
}
