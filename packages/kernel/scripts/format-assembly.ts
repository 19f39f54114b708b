/**
 * Formats `assembly/`, or with `--check` only says which files are not formatted. Prettier's parser refuses decorators
 * on functions, which AssemblyScript has: they are comments while it works.
 */
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const folder = fileURLToPath(new URL('../assembly', import.meta.url));
const hide = (source: string): string => source.replaceAll(/^@(?=inline$|external\()/gm, '//#');
const show = (source: string): string => source.replaceAll(/^\/\/#/gm, '@');

for (const name of globSync('**/*.ts', { cwd: folder })) {
  const file = join(folder, name);
  const source = readFileSync(file, 'utf8');
  const options = { ...(await resolveConfig(file)), filepath: file };
  const formatted = show(await format(hide(source), options));
  if (formatted === source) continue;
  if (process.argv.includes('--check')) {
    console.error(`assembly/${name} is not formatted: run node packages/kernel/scripts/format-assembly.ts`);
    process.exitCode = 1;
  } else writeFileSync(file, formatted);
}
