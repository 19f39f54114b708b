import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { untilThereAre } from '../killing.ts';

/**
 * Where in a commit a worker is stopped to become a late writer: before a part of it gets its name, or when its parts
 * have theirs and the receipt has not. In the layout `mirror` a part's name does not tell its sub-unit: only the latter.
 */
export const LATE_PLACES = ['part', 'receipt'] as const;
export type LatePlace = (typeof LATE_PLACES)[number];

/** A worker that stopped itself in the middle of a commit. */
export interface LateWriter {
  readonly pid: number;
  /** Path of the receipt that it has not come to: once it stands, a twin was faster. */
  readonly receipt: string;
}

/** Holds the place. The worker that comes to one first renames it: so only one does. */
export const wishPath = (folder: string): string => join(folder, 'late-wish');
export const takenPath = (folder: string, pid: number): string => join(folder, `late-by-${pid}`);
/** What a worker tells of itself before it takes the wish. */
export const factsPath = (folder: string, pid: number): string => join(folder, `late-${pid}.json`);
const TAKEN = /^late-by-(\d+)$/;

/** Which step of a commit it is that a file gets this name; undefined for what is no part and no receipt. */
export function commitStep(path: string): { place: LatePlace; receipt: string } | undefined {
  if (/\/_winnow\/[^/]+\/receipts\/[^/]+\.json$/.test(path)) return { place: 'receipt', receipt: path };
  const [, output, runId, subUnit] = /^(.*)\/part-(\d{4}-[0-9a-f]{8})-(\d+-\d+)\.[a-z]+$/.exec(path) ?? [];
  if (output === undefined || runId === undefined || subUnit === undefined) return undefined;
  return { place: 'part', receipt: `${output}/_winnow/${runId}/receipts/${subUnit}.json` };
}

/** Waits until a worker has stopped at such a place; undefined where none came to it before the wait was in vain. */
export async function lateWriter(
  folder: string,
  place: LatePlace,
  isInVain: () => boolean,
): Promise<LateWriter | undefined> {
  const wish = wishPath(folder);
  await writeFile(wish, place);
  await untilThereAre(async () => isInVain() || (await taker(folder)) !== undefined);
  const isUntaken = await rename(wish, `${wish}-withdrawn`).then(
    () => true,
    () => false,
  );
  const pid = await taker(folder);
  if (isUntaken || pid === undefined) return undefined;
  const writer = JSON.parse(await readFile(factsPath(folder, pid), 'utf8')) as LateWriter;
  await rm(takenPath(folder, pid));
  await untilThereAre(() => isStoppedOrGone(pid));
  return writer;
}

async function taker(folder: string): Promise<number | undefined> {
  const [pid] = (await readdir(folder)).flatMap((name) => TAKEN.exec(name)?.[1] ?? []);
  return pid === undefined ? undefined : Number(pid);
}

/** The third field of proc_pid_stat(5), behind a name in parentheses. */
async function isStoppedOrGone(pid: number): Promise<boolean> {
  const stat = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
  return stat === '' || stat.slice(stat.lastIndexOf(')') + 2).startsWith('T');
}
