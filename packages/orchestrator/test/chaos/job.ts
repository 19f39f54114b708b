import { existsSync } from 'node:fs';
import { cp, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { kill, untilThereAre, workersOf } from '../killing.ts';
import { startWinnow, type Ended } from '../winnow.ts';
import { DISK, OUTPUT, prepareJob, runWords } from './archive.ts';
import { chaosEnvironment, type StorageChaos } from './chaos-environment.ts';
import { exitProblem } from './exit-code.ts';
import { readJournal, type JournalSums } from './journal.ts';
import { judgeJob, leftBehind, type Judgement } from './judge.ts';
import { Mischief } from './mischief.ts';
import type { Scenario } from './scenario.ts';
import { smallDisk, type SmallDisk } from './small-disk.ts';

export interface JobResult extends Judgement {
  readonly seed: number;
  readonly folder: string;
  readonly commands: number;
  readonly kills: Mischief['kills'];
  readonly others: Mischief['others'];
  readonly journal: JournalSums;
  /** Whether a full disk was really full. */
  readonly hadRealDisk: boolean;
}

/** Commands without any disturbance after which a run must have come to its end. */
const MOST_QUIET = 5;
/** One in 200 calls that fail keeps a command from its end again and again, and then none of its kills comes. */
const MOST_DISTURBED = 150;
const MOST_WAIT_MS = 60_000;

/**
 * One job: the undisturbed run, then the same command again and again under the scenario until the run is closed, then
 * the judgement. The folder is left as it is; processes and the disk are not.
 */
export async function doJob(
  folder: string,
  scenario: Scenario,
  { mostKills, signal }: { readonly mostKills: number; readonly signal: AbortSignal },
): Promise<JobResult> {
  await mkdir(join(folder, 'tmp'), { recursive: true });
  const expected = await prepareJob(folder, scenario);
  const chaos: StorageChaos = {
    seed: scenario.seed,
    faultOneIn: scenario.faultOneIn,
    folder,
    fullFlag: join(folder, 'full'),
    journal: join(folder, 'journal.tsv'),
  };
  const disk = scenario.smallDisk ? smallDisk(join(folder, DISK), chaos.fullFlag) : undefined;
  const mischief = new Mischief(folder, scenario.acts, disk, mostKills);
  try {
    const { commands, problems } = await untilClosed(folder, scenario, { chaos, mischief, signal });
    mischief.end();
    problems.push(...(await withoutWorkers(folder)));
    const judged = await judgeJob(folder, scenario, expected);
    const left = await leftBehind(folder, mischief.killed);
    return {
      ...{ seed: scenario.seed, folder, commands, kills: mischief.kills, others: mischief.others },
      journal: await readJournal(chaos.journal),
      hadRealDisk: disk?.isReal === true,
      ...{ lost: judged.lost, doubled: judged.doubled },
      problems: [...problems, ...judged.problems, ...left],
    };
  } finally {
    mischief.end();
    for (const pid of await workersOf(folder)) kill(pid);
    if (disk !== undefined) await removeDisk(folder, disk);
  }
}

/** What lay on the disk is kept in its place. */
async function removeDisk(folder: string, disk: SmallDisk): Promise<void> {
  const [place, copy] = [join(folder, DISK), join(folder, 'copy')];
  if (disk.isReal) await cp(place, copy, { recursive: true });
  disk.remove();
  if (!disk.isReal) return;
  await rm(place, { recursive: true });
  await rename(copy, place);
}

interface Disturbance {
  readonly chaos: StorageChaos;
  readonly mischief: Mischief;
  readonly signal: AbortSignal;
}

async function untilClosed(
  folder: string,
  scenario: Scenario,
  { chaos, mischief, signal }: Disturbance,
): Promise<{ commands: number; problems: string[] }> {
  const problems: string[] = [];
  let quiet = 0;
  for (let commands = 1; ; commands++) {
    const isQuiet = mischief.isOver || commands > MOST_DISTURBED;
    if (isQuiet) mischief.end();
    const ended = await oneCommand();
    if (ended.code === 0) return { commands, problems };
    if (isQuiet && ++quiet === MOST_QUIET) {
      problems.push(`${MOST_QUIET} undisturbed commands did not bring the run to its end: ${ended.stderr}`);
      return { commands, problems };
    }

    async function oneCommand(): Promise<Ended> {
      signal.throwIfAborted();
      // Each command its own faults; none any more once the scenario is over.
      const faults = { seed: chaos.seed + commands, faultOneIn: isQuiet ? 0 : chaos.faultOneIn };
      const command = startWinnow(runWords(scenario), folder, {
        ...chaosEnvironment({ ...chaos, ...faults }),
        TMPDIR: join(folder, 'tmp'),
      });
      const stop = (): void => void command.child.kill('SIGKILL');
      signal.addEventListener('abort', stop);
      const sent = await mischief.disturb(command);
      const end = await command.ended;
      signal.removeEventListener('abort', stop);
      signal.throwIfAborted();
      const problem = exitProblem(end, sent, existsSync(join(folder, OUTPUT, '_SUCCESS')));
      if (problem !== undefined) problems.push(`command ${commands}: ${problem}`);
      return end;
    }
  }
}

/** Workers that outlived their command end by themselves: nobody reads what they print. */
async function withoutWorkers(folder: string): Promise<string[]> {
  const latest = performance.now() + MOST_WAIT_MS;
  let left: number[] = [];
  await untilThereAre(async () => {
    left = await workersOf(folder);
    return left.length === 0 || performance.now() > latest;
  });
  return left.length === 0 ? [] : [`workers are left a minute after the end: ${left.join(', ')}`];
}

export const removeJob = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
