/**
 * Runs real files through the built command and judges the output with readers that have no code of its writers:
 * `npm run accept -- FOLDER`, where FOLDER/facts.json says what other tools found in the files.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { acceptAl3 } from './al3.ts';
import { acceptAwkward } from './awkward.ts';
import { acceptFile } from './accept-file.ts';
import { checkRun, tableText, type Check } from './check.ts';
import { acceptCompression } from './compression.ts';
import { acceptConformance } from './conformance.ts';
import { readFacts } from './facts.ts';
import { FORMATS } from './judges.ts';
import { acceptUtf8 } from './utf8.ts';

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
  const attempt = async (name: string, make: () => Promise<Check[]>): Promise<void> => {
    try {
      checks.push(...(await make()));
    } catch (error) {
      checks.push(checkRun(name, 'can be judged', 'yes', (error as Error).message));
    }
  };
  try {
    for (const [index, facts] of readFacts(data).entries())
      for (const format of FORMATS)
        await attempt(`${facts.file} → ${format}`, () =>
          acceptFile(data, facts, format, join(scratch, `${index}-${format}`)),
        );
    await attempt('JSON conformance', () => acceptConformance(data, scratch));
    await attempt('awkward JSON', () => acceptAwkward(data, scratch));
    await attempt('compression', () => acceptCompression(data));
    await attempt('AL3', () => Promise.resolve(acceptAl3(data, scratch)));
    await attempt('bad UTF-8', () => acceptUtf8(data, scratch));
  } finally {
    rmSync(scratch, { recursive: true });
  }
  console.log(tableText(checks));
  return checks.every(({ ok }) => ok) ? 0 : 1;
}
