import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Processes of this user whose environment names a run below `folder`: the workers of that run. */
export async function workersOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    if (environment.split('\0').some((entry) => entry.startsWith(`WINNOW_RUN=${folder}/`))) found.push(pid);
  }
  return found;
}

/** A process that ended meanwhile is as good as killed. */
export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function untilThereAre(what: () => Promise<boolean>): Promise<void> {
  while (!(await what())) await sleep(3);
}

/** Receipts of a generation of the output `out`; 0 also where it has no run directory yet. */
export async function receiptsIn(folder: string, generation = 0): Promise<number> {
  const root = join(folder, 'out/_winnow');
  const names = existsSync(root) ? await readdir(root) : [];
  const run = names.find((name) => name.startsWith(`${String(generation).padStart(4, '0')}-`));
  const receipts = join(root, run ?? '-', 'receipts');
  return existsSync(receipts) ? (await readdir(receipts)).length : 0;
}
