import { MemoryStorage } from '../storage/memory-storage.ts';
import { SOURCE } from './small-run.ts';
import { planCommand, runCommand } from './toy-command.ts';
import type { RunFile } from '../../src/shapes/run.ts';

/** A storage that holds these inputs. */
export async function sourceOf(texts: Record<string, string>): Promise<MemoryStorage> {
  const storage = new MemoryStorage();
  for (const [key, text] of Object.entries(texts)) await storage.replace(SOURCE + key, Buffer.from(text));
  return storage;
}

/** Plans a run of these inputs. */
export async function plannedRun(
  texts: Record<string, string>,
): Promise<{ storage: MemoryStorage; run: RunFile }> {
  const storage = await sourceOf(texts);
  const run = await planCommand(storage);
  if (run === undefined) throw new TypeError('there is nothing to plan');
  return { storage, run };
}

/** Runs these inputs through to the close. */
export async function closedRun(
  texts: Record<string, string>,
): Promise<{ storage: MemoryStorage; run: RunFile }> {
  const planned = await plannedRun(texts);
  await runCommand(planned.storage);
  return planned;
}
