import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** By path below the output: the SHA-256, or '' where only the name must be the same. */
export type Files = ReadonlyMap<string, string>;

/** What hangs on how a run went, not on what it came to: attempts, their logs, submissions; what killed processes left. */
const OF_THE_WAY = /^_winnow\/(tmp|\d{4}-[0-9a-f]{8}\/(attempts|logs|submissions))\//;
/** With times in them. */
const NAME_ONLY = /^_winnow\/(generations\/\d+\.json|[^/]+\/(run\.json|report\.json|report\.html))$/;

/** Every file that must be in an output whatever happened on the way, and nothing else may be. */
export async function filesOf(output: string): Promise<Files> {
  const entries = await readdir(output, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(output, join(entry.parentPath, entry.name)))
    .filter((path) => !OF_THE_WAY.test(path))
    .sort();
  const files = new Map<string, string>();
  for (const path of paths) files.set(path, NAME_ONLY.test(path) ? '' : await sha256(join(output, path)));
  return files;
}

async function sha256(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

/** What differs, a sentence each. */
export function differences(expected: Files, found: Files): string[] {
  const missing = [...expected.keys()].filter((path) => !found.has(path));
  const strange = [...found.keys()].filter((path) => !expected.has(path));
  const other = [...expected].filter(([path, sha]) => found.has(path) && found.get(path) !== sha);
  return [
    ...missing.map((path) => `${path} is missing`),
    ...strange.map((path) => `${path} is there, and not in the undisturbed run`),
    ...other.map(([path]) => `${path} has other bytes than in the undisturbed run`),
  ];
}
