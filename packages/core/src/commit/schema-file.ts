import { REST_COLUMN } from '@winnow/kernel';
import { runKeys } from '../run-keys.ts';
import { schemaText } from '../schema/schema-text.ts';
import type { RunFile } from '../shapes/run.ts';
import type { Storage } from '../storage/storage.ts';
import { createBytes } from './objects.ts';

/**
 * Writes `schema.yaml`, the columns of a run as `--schema` reads them. After `run.json`, and from it alone: planners at
 * odds about the columns (an input came between them) must not be at odds about this object, which nobody could settle
 * after a kill. Where it stands already it stays as it is: it has that text, or somebody edited it, and no run reads it.
 */
export async function writeSchema(storage: Storage, { runId, frozen }: RunFile): Promise<void> {
  const columns = frozen.columns.filter(({ name }) => name !== REST_COLUMN);
  await createBytes(storage, runKeys(runId).schema, Buffer.from(schemaText(columns)));
}
