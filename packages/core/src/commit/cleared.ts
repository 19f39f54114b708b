import { runKeys } from '../run-keys.ts';
import { clearing, type Clearing } from '../shapes/generation.ts';
import type { Storage } from '../storage/storage.ts';
import { readJson } from './objects.ts';

/** What `winnow gc` wrote before it took the first working object of a run away; undefined where it never did. */
export const readClearing = (storage: Storage, runId: string): Promise<Clearing | undefined> =>
  readJson(storage, runKeys(runId).clearing, clearing);

/** The objects that stand for plan and receipts from then on, with their hashes. */
export function keptObjects(runId: string, { ledger, inputs, lineBases }: Clearing): [string, string][] {
  const keys = runKeys(runId);
  return [
    [keys.ledger, ledger.sha256],
    [keys.inputs, inputs.sha256],
    ...(lineBases ? [[keys.lineBases, lineBases.sha256] as [string, string]] : []),
  ];
}
