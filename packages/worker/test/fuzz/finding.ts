import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FuzzCase } from './fuzz-case.ts';

const FOLDER = fileURLToPath(new URL('findings/', import.meta.url));

/** A case that went wrong, with its bytes: a later generator makes other ones of the seed. */
interface Finding extends Omit<FuzzCase, 'bytes' | 'recordsPath'> {
  readonly recordsPath?: string;
  readonly base64: string;
  /** What was wrong when it was found. */
  readonly problem: string;
}

/** Writes `findings/<seed>.json`: committed with what mends it, it is a test. */
export function keepFinding({ bytes, recordsPath, ...facts }: FuzzCase, told: string): void {
  // Without the stack, which names folders of this machine.
  const [problem = ''] = told.split('\n');
  const path = recordsPath === undefined ? {} : { recordsPath };
  const finding: Finding = { ...facts, ...path, base64: bytes.toString('base64'), problem };
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}${facts.seed}.json`, `${JSON.stringify(finding, null, 2)}\n`);
}

/** All that were kept. */
export function keptFindings(): FuzzCase[] {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).sort() : [];
  return names.map((name) => {
    const { seed, unitBytes, recordsPath, base64 } = JSON.parse(
      readFileSync(FOLDER + name, 'utf8'),
    ) as Finding;
    return { seed, unitBytes, recordsPath, bytes: Buffer.from(base64, 'base64') };
  });
}
