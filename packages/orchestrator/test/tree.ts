import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** `n` records with an id from `first` on. */
export const lines = (n: number, first = 0): string =>
  Array.from({ length: n }, (_, i) => `${JSON.stringify({ id: first + i, text: `t${first + i}` })}\n`).join(
    '',
  );

/** Writes inputs below `in`. */
export async function put(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'in', name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** Name → hash of every output. */
export async function outputs(folder: string, output = 'out'): Promise<Record<string, string>> {
  const names = await readdir(join(folder, output), { recursive: true, withFileTypes: true });
  const hashes: [string, string][] = [];
  for (const entry of names) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(join(folder, output).length + 1);
    if (!entry.isFile() || name.startsWith('_')) continue;
    hashes.push([
      name,
      createHash('sha256')
        .update(await readFile(path))
        .digest('hex'),
    ]);
  }
  return Object.fromEntries(hashes.sort(([a], [b]) => (a < b ? -1 : 1)));
}
