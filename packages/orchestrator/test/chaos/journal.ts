import { readFile } from 'node:fs/promises';

/** What the processes of a disturbed run noted. */
export interface JournalSums {
  /** By `call fault`, such as `sync EIO`. */
  readonly faults: Readonly<Record<string, number>>;
  /** Commits beyond the first of each sub-unit: work that was done although it stood already. */
  readonly redone: number;
}

export const faultLine = (call: string, fault: string, path: string): string =>
  `fault\t${call} ${fault}\t${path}\n`;
export const commitLine = (unit: number, sub: number): string => `commit\t${unit}-${sub}\n`;

/** The sub-unit of a `committed` event among what a worker prints. */
export function committedBy(line: string): { readonly unit: number; readonly sub: number } | undefined {
  if (!line.includes('"event":"committed"')) return undefined;
  const { unit, sub } = JSON.parse(line) as { unit: number; sub: number };
  return { unit, sub };
}

/** A line that is cut (its process was killed in the middle) counts for nothing. */
export function sumJournal(text: string): JournalSums {
  const faults: Record<string, number> = {};
  let commits = 0;
  const distinct = new Set<string>();
  for (const line of text.split('\n')) {
    const [word, what] = line.split('\t');
    if (what === undefined) continue;
    if (word === 'fault') faults[what] = (faults[what] ?? 0) + 1;
    if (word !== 'commit') continue;
    commits++;
    distinct.add(what);
  }
  return { faults, redone: commits - distinct.size };
}

export async function readJournal(path: string): Promise<JournalSums> {
  return sumJournal(await readFile(path, 'utf8').catch(() => ''));
}
