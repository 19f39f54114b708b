import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { untilThereAre, workersOf } from '../killing.ts';
import type { Running } from '../winnow.ts';
import type { SentSignals } from './exit-code.ts';
import { lateWriter } from './late-wish.ts';
import type { Act, ActKind } from './scenario.ts';
import type { SmallDisk } from './small-disk.ts';

/** Deadly signals delivered, by whom they hit. A second SIGTERM to the same process counts of its own. */
export const KILLS = ['worker SIGKILL', 'worker SIGTERM', 'command SIGKILL', 'command SIGTERM'] as const;
export type Kill = (typeof KILLS)[number];

export type Counts<K extends string> = Record<K, number>;

export const emptyCounts = <K extends string>(names: readonly K[]): Counts<K> =>
  Object.fromEntries(names.map((name) => [name, 0])) as Counts<K>;

/** What was done beside kills. */
export const OTHERS = ['frozen', 'late writers', 'full disk'] as const;
export type Other = (typeof OTHERS)[number];

const MOST_WAIT_MS = 3000;
const LOOK_MS = 20;

type Deadly = 'SIGKILL' | 'SIGTERM';

/** The command that is disturbed. A signal to one that has ended does nothing and counts for nothing. */
interface Target {
  isRunning(): boolean;
  send(signal: Deadly): void;
}

type WorkerAct = Exclude<
  ActKind,
  'kill-command' | 'terminate-command' | 'terminate-command-twice' | 'kill-all' | 'fill-disk' | 'late-twin'
>;

/** Does the acts of one job's scenario to its commands, one after the other; counts what it has done. */
export class Mischief {
  readonly kills = emptyCounts(KILLS);
  readonly others = emptyCounts(OTHERS);
  readonly #folder: string;
  readonly #acts: Act[];
  readonly #disk: SmallDisk | undefined;
  readonly #mostKills: number;
  #stoppedInCommit = 0;
  /** Ends of what has begun: each is done in time, or at once by `end`. */
  readonly #pending = new Map<NodeJS.Timeout, () => void>();

  /** @param folder of the job: its workers are those of runs below it */
  constructor(folder: string, acts: readonly Act[], disk: SmallDisk | undefined, mostKills: number) {
    this.#folder = folder;
    this.#acts = [...acts];
    this.#disk = disk;
    this.#mostKills = mostKills;
  }

  get isOver(): boolean {
    return this.#acts.length === 0 || this.killed >= this.#mostKills;
  }

  get killed(): number {
    return Object.values(this.kills).reduce((sum, count) => sum + count, 0);
  }

  /** Goes on until the command has ended or the scenario is over; tells which signals the command was sent. */
  async disturb({ child, ended }: Running): Promise<SentSignals> {
    const sent = { killed: false, terminated: false };
    const command: Target = {
      isRunning: () => child.exitCode === null && child.signalCode === null,
      send: (signal) => {
        if (!child.kill(signal)) return;
        this.kills[`command ${signal}`]++;
        sent[signal === 'SIGKILL' ? 'killed' : 'terminated'] = true;
      },
    };
    while (command.isRunning()) {
      const [act] = this.#acts;
      if (act === undefined || this.isOver) break;
      await this.#waitForTwins(command);
      if (act.amidWork) await this.#waitForWorker(command);
      await Promise.race([ended, sleep(act.afterMs)]);
      if (!command.isRunning()) break;
      this.#acts.shift();
      await this.#do(act, command);
    }
    return sent;
  }

  /** What was stopped goes on, what was filled is freed. */
  end(): void {
    for (const [timer, finish] of this.#pending) {
      clearTimeout(timer);
      finish();
    }
    this.#pending.clear();
  }

  async #do(act: Act, command: Target): Promise<void> {
    switch (act.kind) {
      case 'kill-command':
        command.send('SIGKILL');
        break;
      case 'terminate-command':
        command.send('SIGTERM');
        break;
      case 'terminate-command-twice':
        command.send('SIGTERM');
        await sleep(act.holdMs);
        command.send('SIGTERM');
        break;
      case 'kill-all':
        command.send('SIGKILL');
        for (const pid of await workersOf(this.#folder)) this.#sendWorker(pid, 'SIGKILL');
        break;
      case 'fill-disk':
        this.#fill(act.holdMs);
        break;
      case 'late-twin':
        await this.#stopInCommit(act, command);
        break;
      default: {
        const pid = await this.#victim(act.victim);
        if (pid !== undefined) await this.#doToWorker(act.kind, pid, act.holdMs, command);
      }
    }
  }

  async #doToWorker(kind: WorkerAct, pid: number, holdMs: number, command: Target): Promise<void> {
    switch (kind) {
      case 'kill-worker':
        this.#sendWorker(pid, 'SIGKILL');
        break;
      case 'terminate-worker':
        this.#sendWorker(pid, 'SIGTERM');
        break;
      case 'terminate-worker-twice':
        this.#sendWorker(pid, 'SIGTERM');
        await sleep(holdMs);
        this.#sendWorker(pid, 'SIGTERM');
        break;
      case 'freeze-worker':
        if (this.#freeze(pid, holdMs)) this.others.frozen++;
        break;
      case 'late-writer':
        if (!this.#freeze(pid, holdMs)) return;
        this.others['late writers']++;
        command.send('SIGKILL');
        break;
    }
  }

  #sendWorker(pid: number, signal: Deadly): void {
    if (send(pid, signal)) this.kills[`worker ${signal}`]++;
  }

  async #waitForWorker(command: Target): Promise<void> {
    const latest = performance.now() + MOST_WAIT_MS;
    await untilThereAre(
      async () =>
        !command.isRunning() || performance.now() > latest || (await workersOf(this.#folder)).length > 0,
    );
  }

  /** Nothing else happens until a late writer's twin is there: killed all the time, it would never come so far. */
  #waitForTwins(command: Target): Promise<void> {
    return untilThereAre(() => Promise.resolve(!command.isRunning() || this.#stoppedInCommit === 0));
  }

  /** Undefined where there is no worker. */
  async #victim(which: number): Promise<number | undefined> {
    const workers = await workersOf(this.#folder);
    return workers[which % workers.length];
  }

  /** The command is left alone where no worker comes to a commit in time. */
  async #stopInCommit({ place, holdMs }: Act, command: Target): Promise<void> {
    const latest = performance.now() + MOST_WAIT_MS;
    const isInVain = (): boolean => !command.isRunning() || performance.now() > latest;
    const writer = await lateWriter(this.#folder, place, isInVain);
    if (writer === undefined) return;
    this.others['late writers']++;
    this.#stoppedInCommit++;
    this.#whenThere(writer.receipt, holdMs, () => {
      this.#stoppedInCommit--;
      send(writer.pid, 'SIGCONT');
    });
    command.send('SIGKILL');
  }

  #freeze(pid: number, holdMs: number): boolean {
    if (!send(pid, 'SIGSTOP')) return false;
    this.#later(holdMs, () => void send(pid, 'SIGCONT'));
    return true;
  }

  #fill(holdMs: number): void {
    const disk = this.#disk;
    if (disk === undefined) return;
    disk.fill();
    this.others['full disk']++;
    this.#later(holdMs, () => disk.free());
  }

  #whenThere(path: string, mostMs: number, finish: () => void): void {
    const latest = performance.now() + mostMs;
    const timer = setInterval(() => {
      if (!existsSync(path) && performance.now() < latest) return;
      clearInterval(timer);
      this.#pending.delete(timer);
      finish();
    }, LOOK_MS);
    this.#pending.set(timer, finish);
  }

  #later(ms: number, finish: () => void): void {
    const timer = setTimeout(() => {
      this.#pending.delete(timer);
      finish();
    }, ms);
    this.#pending.set(timer, finish);
  }
}

/** False where the process has ended meanwhile. */
function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    return false;
  }
}
