import { verifyRun, zstdTextCodec } from '@winnow/core';
import type { Hooks, RunReference, Verification } from './operations.ts';
import type { Opening } from '../run/place.ts';
import { runSums } from './run-sums.ts';
import { openStoredRun } from './stored-run.ts';

/** Proves a run from its files alone: what is wrong, a sentence each. */
export async function verifyStored(
  reference: RunReference,
  opening: Opening,
  { signal }: Pick<Hooks, 'signal'>,
): Promise<Verification> {
  const stored = await openStoredRun(reference, opening);
  const { output, run } = stored;
  const problems: string[] = [];
  for await (const { message } of verifyRun(output, run.runId, { codec: zstdTextCodec })) {
    signal.throwIfAborted();
    problems.push(message);
  }
  const { sums, clearedAt } = await runSums(stored);
  return {
    runId: run.runId,
    receipts: sums.subUnits,
    parts: sums.parts.total,
    rows: sums.records.written,
    bytes: sums.bytes.written,
    problems,
    ...(clearedAt !== undefined && { clearedAt }),
  };
}
