import { LATE_PLACES, type LatePlace } from './late-wish.ts';
import { createRandom, type Random } from '../../src/sample/random.ts';

/**
 * What is done to a run. A worker is any process of the run, also one that an earlier command left behind.
 *
 * - `kill-…`: SIGKILL. `terminate-…`: SIGTERM. `…-twice`: a second SIGTERM `holdMs` later.
 * - `kill-all`: SIGKILL to the command and to every worker: the machine went down.
 * - `freeze-worker`: SIGSTOP, and SIGCONT `holdMs` later.
 * - `late-writer`: a worker is stopped, the command killed and started again; the worker goes on `holdMs` later, beside
 *   the new one that does the same units.
 * - `late-twin`: the same, but the worker is stopped in the middle of a commit, at `place`, and goes on when another one has
 *   committed that sub-unit; `holdMs` later at most.
 * - `fill-disk`: nothing can be written to the output for `holdMs`.
 */
export const ACT_KINDS = [
  'kill-worker',
  'terminate-worker',
  'terminate-worker-twice',
  'kill-command',
  'terminate-command',
  'terminate-command-twice',
  'kill-all',
  'freeze-worker',
  'late-writer',
  'late-twin',
  'fill-disk',
] as const;
export type ActKind = (typeof ACT_KINDS)[number];

export interface Act {
  readonly kind: ActKind;
  /** Waits for a worker first: else planning and start-up would bear most of the acts. */
  readonly amidWork: boolean;
  /** After the act before it, the start of the command, or a worker that was waited for. */
  readonly afterMs: number;
  readonly holdMs: number;
  /** Which of the workers, modulo how many there are. */
  readonly victim: number;
  /** Of a `late-twin`. */
  readonly place: LatePlace;
}

/** A job and all that befalls it. Follows from the seed alone. */
export interface Scenario {
  readonly seed: number;
  /** Of the archive, and the good records in it. */
  readonly files: number;
  readonly records: number;
  readonly layout: 'parts' | 'mirror';
  readonly concurrency: number;
  /** One in so many calls to the storage fails or is slow; 0 = none. */
  readonly faultOneIn: number;
  /** The output lies on a small disk, which is filled at times. */
  readonly smallDisk: boolean;
  readonly acts: readonly Act[];
}

/** Some 200 units and 450 sub-units of 64 KiB: seconds of work, and a border every few milliseconds. */
const FILES = 90;
const RECORDS = 40_000;

/** Beyond these a job is let go to its end: else it would be disturbed for ever without getting on. */
const MOST_ACTS = 60;
const LEAST_ACTS = 30;

const OFTEN: Readonly<Record<ActKind, number>> = {
  'kill-worker': 8,
  'terminate-worker': 5,
  'terminate-worker-twice': 1,
  'kill-command': 4,
  'terminate-command': 3,
  'terminate-command-twice': 2,
  'kill-all': 2,
  'freeze-worker': 2,
  'late-writer': 1,
  'late-twin': 3,
  'fill-disk': 2,
};

export function drawScenario(seed: number): Scenario {
  const random = createRandom(seed);
  const smallDisk = random.once(2);
  const kinds = ACT_KINDS.filter((kind) => smallDisk || kind !== 'fill-disk').flatMap((kind) =>
    Array.from({ length: OFTEN[kind] }, () => kind),
  ) as [ActKind, ...ActKind[]];
  const layout = random.once(4) ? 'mirror' : 'parts';
  return {
    seed,
    files: FILES,
    records: RECORDS,
    layout,
    concurrency: 2 + random.below(3),
    faultOneIn: random.pick([0, 1000, 400, 200]),
    smallDisk,
    acts: Array.from({ length: LEAST_ACTS + random.below(MOST_ACTS - LEAST_ACTS) }, () =>
      drawAct(random, random.pick(kinds), layout),
    ),
  };
}

/** The new workers must have come to what the stopped one is at: they take a second or two to start. */
const LATE_MS: Readonly<Partial<Record<ActKind, number>>> = { 'late-writer': 1500, 'late-twin': 10_000 };

/** What befalls a worker needs one. Half of the acts come close behind the one before, half some time later. */
function drawAct(random: Random, kind: ActKind, layout: Scenario['layout']): Act {
  const amidWork = /worker|late/.test(kind) || random.once(2);
  const afterMs = random.once(2) ? random.below(300) : 300 + random.below(1500);
  const holdMs = 20 + random.below(kind.endsWith('-twice') ? 200 : 2000);
  return {
    kind,
    amidWork,
    afterMs,
    holdMs: holdMs + (LATE_MS[kind] ?? 0),
    victim: random.below(64),
    place: layout === 'mirror' ? 'receipt' : random.pick(LATE_PLACES),
  };
}
