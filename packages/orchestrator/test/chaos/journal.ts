import { readFile } from 'node:fs/promises';

/** What the processes of a disturbed run noted. */
export interface JournalSums {
  /** By `call fault`, such as `sync EIO`. */
  readonly faults: Readonly<Record<string, number>>;
  /** Commits beyond the first of each sub-unit: work that was done although it stood already. */
  readonly redone: number;
  /** Workers that had outlived their command and came to a sub-unit that stood already: late writers that met a twin. */
  readonly met: number;
}

export const faultLine = (call: string, fault: string, path: string): string =>
  `fault\t${call} ${fault}\t${path}\n`;
/** @param late the worker, where it has outlived its command */
export const commitLine = (unit: number, sub: number, late?: number): string =>
  `commit\t${unit}-${sub}${late === undefined ? '' : `\t${late}`}\n`;

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
  const met = new Set<string>();
  const distinct = new Set<string>();
  for (const line of text.split('\n')) {
    const [word, what, late] = line.split('\t');
    if (what === undefined) continue;
    if (word === 'fault') faults[what] = (faults[what] ?? 0) + 1;
    if (word !== 'commit') continue;
    commits++;
    if (late !== undefined && distinct.has(what)) met.add(late);
    distinct.add(what);
  }
  return { faults, redone: commits - distinct.size, met: met.size };
}

export async function readJournal(path: string): Promise<JournalSums> {
  return sumJournal(await readFile(path, 'utf8').catch(() => ''));
}
