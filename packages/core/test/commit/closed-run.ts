import type { RunFile } from '../../src/shapes/run.ts';
import type { Storage } from '../../src/storage/storage.ts';
import type { FreshStorage } from './protocol/fresh-storage.ts';
import { SOURCE } from './small-run.ts';
import { planCommand, runCommand } from './toy-command.ts';

export interface RunInStorage {
  readonly storage: Storage;
  readonly run: RunFile;
}

/** A storage that holds these inputs. */
export async function sourceOf(fresh: FreshStorage, texts: Record<string, string>): Promise<Storage> {
  const storage = await fresh();
  for (const [key, text] of Object.entries(texts)) await storage.replace(SOURCE + key, Buffer.from(text));
  return storage;
}

/** Plans a run of these inputs. */
export async function plannedRun(fresh: FreshStorage, texts: Record<string, string>): Promise<RunInStorage> {
  const storage = await sourceOf(fresh, texts);
  const run = await planCommand(storage);
  if (run === undefined) throw new TypeError('there is nothing to plan');
  return { storage, run };
}

/** Runs these inputs through to the close. */
export async function closedRun(fresh: FreshStorage, texts: Record<string, string>): Promise<RunInStorage> {
  const planned = await plannedRun(fresh, texts);
  await runCommand(planned.storage);
  return planned;
}
