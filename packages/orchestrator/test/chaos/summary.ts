import type { JobResult } from './job.ts';
import { emptyCounts, KILLS, OTHERS, type Counts, type Kill, type Other } from './mischief.ts';

export interface ChaosSummary {
  readonly seed: number;
  readonly jobs: number;
  readonly kills: Counts<Kill> & { readonly total: number };
  readonly others: Counts<Other>;
  /** By call and what befell it. */
  readonly faults: Readonly<Record<string, number>>;
  /** Commands after the first of each job. */
  readonly resumes: number;
  /** Sub-units that were brought to their commit although they stood already. */
  readonly redone: number;
  /** Workers that had outlived their command and came to a sub-unit that stood already. */
  readonly met: number;
  readonly lost: number;
  readonly doubled: number;
  readonly problems: readonly { readonly seed: number; readonly folder: string; readonly problem: string }[];
  readonly seconds: number;
}

export function summaryOf(seed: number, jobs: readonly JobResult[], seconds: number): ChaosSummary {
  const kills = addUp(
    emptyCounts(KILLS),
    jobs.map((job) => job.kills),
  );
  return {
    seed,
    jobs: jobs.length,
    kills: { ...kills, total: total(Object.values(kills)) },
    others: addUp(
      emptyCounts(OTHERS),
      jobs.map((job) => job.others),
    ),
    faults: addUp(
      {},
      jobs.map(({ journal }) => journal.faults),
    ),
    resumes: total(jobs.map(({ commands }) => commands - 1)),
    redone: total(jobs.map(({ journal }) => journal.redone)),
    met: total(jobs.map(({ journal }) => journal.met)),
    lost: total(jobs.map(({ lost }) => lost)),
    doubled: total(jobs.map(({ doubled }) => doubled)),
    problems: jobs.flatMap(({ seed: of, folder, problems }) =>
      problems.map((problem) => ({ seed: of, folder, problem })),
    ),
    seconds: Math.round(seconds * 10) / 10,
  };
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, number) => sum + number, 0);

function addUp<T extends Readonly<Record<string, number>>>(zero: T, all: readonly T[]): T {
  const sums: Record<string, number> = { ...zero };
  for (const counts of all)
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  return sums as T;
}

const listed = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ') || 'none';

/** For people: the figures, then each difference with what repeats it. */
export function summaryText(summary: ChaosSummary): string {
  const { total: killed, ...kinds } = summary.kills;
  return [
    ...summary.problems.map(({ seed, folder, problem }) => `seed ${seed}, ${folder}: ${problem}`),
    `kills    ${killed}: ${listed(kinds)}`,
    `beside   ${listed(summary.others)}`,
    `met      ${summary.met} workers outlived their command and came to a sub-unit that stood`,
    `faults   ${total(Object.values(summary.faults))}: ${listed(summary.faults)}`,
    `jobs     ${summary.jobs} from seed ${summary.seed} on, ${summary.resumes} resumes, ${summary.redone} sub-units redone`,
    `records  ${summary.lost} lost, ${summary.doubled} doubled`,
    `time     ${summary.seconds} s`,
    summary.problems.length === 0
      ? 'every output is byte for byte that of the undisturbed run'
      : `${summary.problems.length} differences: the folders are kept`,
  ].join('\n');
}
