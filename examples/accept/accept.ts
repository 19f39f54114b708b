/**
 * Runs real files through the built command and judges the output with two Parquet readers that share no code:
 * `npm run accept -- FOLDER`, where FOLDER/facts.json says what other tools found in the files.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptFile } from './accept-file.ts';
import { checkRun, tableText, type Check } from './check.ts';
import { readFacts } from './facts.ts';

const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('accept: no folder is given: npm run accept -- FOLDER, a folder with a facts.json');
  process.exitCode = 2;
} else {
  process.exitCode = await accept(folder);
}

async function accept(data: string): Promise<number> {
  const checks: Check[] = [];
  const scratch = mkdtempSync(join(tmpdir(), 'winnow-accept-'));
  try {
    for (const [index, facts] of readFacts(data).entries()) {
      try {
        checks.push(...(await acceptFile(data, facts, join(scratch, String(index)))));
      } catch (error) {
        checks.push(checkRun(facts.file, 'can be judged', 'yes', (error as Error).message));
      }
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
  console.log(tableText(checks));
  return checks.every(({ ok }) => ok) ? 0 : 1;
}
