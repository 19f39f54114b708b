/**
 * Loaded into workers by `node --import`, behind `faulty-storage.ts`: where the harness wishes for a late writer, the first
 * worker that comes to such a place of a commit stops itself there, by the system's own signal.
 */
import fs from 'node:fs';
import fsPromises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { readStorageChaos } from './chaos-environment.ts';
import { commitStep, factsPath, takenPath, wishPath, type LateWriter } from './late-wish.ts';

type Link = (existing: unknown, name: unknown) => Promise<void>;

const { folder } = readStorageChaos(process.env);
const { pid } = process;

function isWishedFor(place: string): boolean {
  try {
    return fs.readFileSync(wishPath(folder), 'utf8') === place;
  } catch {
    // Nothing is wished for now.
    return false;
  }
}

function takesWish(writer: LateWriter): boolean {
  fs.writeFileSync(factsPath(folder, pid), JSON.stringify(writer));
  try {
    fs.renameSync(wishPath(folder), takenPath(folder, pid));
    return true;
  } catch {
    // Another worker was faster, or it was withdrawn.
    return false;
  }
}

if (process.env['WINNOW_RUN'] !== undefined) {
  const functions = fsPromises as unknown as { link: Link };
  const link = functions.link;
  functions.link = (existing, name) => {
    const step = commitStep(String(name));
    if (step !== undefined && isWishedFor(step.place) && takesWish({ pid, receipt: step.receipt }))
      process.kill(pid, 'SIGSTOP');
    return link(existing, name);
  };
  syncBuiltinESMExports();
}
