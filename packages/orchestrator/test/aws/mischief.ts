import { setTimeout as sleep } from 'node:timers/promises';
import type { Aws } from '@winnow/testing';
import type { Random } from '../../src/sample/random.ts';
import type { Running } from '../winnow.ts';

/** What can befall a run from outside, and how often. */
export interface Mischief {
  reclaimed: number;
  'container killed': number;
  'command killed': number;
  'command interrupted': number;
}

/** Of one job: a shard is given up after three failures, and giving up is not what is tried here. */
const MOST_KILLS = 1;
const MIN_PAUSE_MS = 100;
const MAX_PAUSE_MS = 600;

/** Does mischief to a run on AWS Batch in an order that hangs on a seed; counts what it has done. */
export class MischiefMaker {
  readonly done: Mischief = {
    reclaimed: 0,
    'container killed': 0,
    'command killed': 0,
    'command interrupted': 0,
  };
  readonly #aws: Aws;
  readonly #random: Random;
  readonly #planned: Readonly<Mischief>;
  readonly #kills = new Map<string, number>();

  constructor(aws: Aws, random: Random, planned: Readonly<Mischief>) {
    this.#aws = aws;
    this.#random = random;
    this.#planned = planned;
  }

  /** Goes on until the command has ended, or all that was planned is done. */
  async disturb(command: Running): Promise<void> {
    const ended = command.ended.then(() => 'ended' as const);
    for (;;) {
      const [first, ...others] = this.#left();
      if (first === undefined) return;
      const pause = MIN_PAUSE_MS + this.#random.below(MAX_PAUSE_MS - MIN_PAUSE_MS);
      if ((await Promise.race([ended, sleep(pause)])) === 'ended') return;
      const kind = this.#random.pick([first, ...others]);
      if (await this.#do(kind, command)) this.done[kind]++;
    }
  }

  #left(): (keyof Mischief)[] {
    const kinds = Object.keys(this.done) as (keyof Mischief)[];
    return kinds.filter((kind) => this.done[kind] < this.#planned[kind]);
  }

  /** False where there was nobody to do it to. */
  async #do(kind: keyof Mischief, { child }: Running): Promise<boolean> {
    switch (kind) {
      case 'command killed':
        return child.kill('SIGKILL');
      case 'command interrupted':
        return child.kill('SIGINT');
      case 'reclaimed':
        return this.#reclaim();
      case 'container killed':
        return this.#kill();
    }
  }

  async #reclaim(): Promise<boolean> {
    const victim = this.#anyOf(this.#aws.running());
    if (victim === undefined) return false;
    try {
      await this.#aws.reclaim(victim.jobId);
      return true;
    } catch {
      // It ended meanwhile.
      return false;
    }
  }

  #kill(): boolean {
    const killsOf = (jobId: string): number => this.#kills.get(jobId) ?? 0;
    const victim = this.#anyOf(this.#aws.running().filter(({ jobId }) => killsOf(jobId) < MOST_KILLS));
    if (victim === undefined) return false;
    this.#kills.set(victim.jobId, killsOf(victim.jobId) + 1);
    try {
      this.#aws.kill(victim.jobId);
      return true;
    } catch {
      return false;
    }
  }

  #anyOf<T>(victims: readonly T[]): T | undefined {
    return victims[this.#random.below(victims.length)];
  }
}
