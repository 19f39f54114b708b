import type { RunFile } from './shapes/run.ts';

/**
 * The names of everything in an output. Fixed: workers, planners and orchestrators of different versions meet here.
 * All keys are relative to the output's root.
 */
export const WINNOW_FOLDER = '_winnow';

/** Of a unit in names: listings come in the order of the units as long as these are enough. */
export const UNIT_DIGITS = 6;

const digits = (n: number, width: number): string => String(n).padStart(width, '0');

export const generationKey = (n: number): string => `${WINNOW_FOLDER}/generations/${n}.json`;
export const SUCCESS_KEY = '_SUCCESS';

/** `<generation, 4 digits>-<8 hex of the spec hash>` */
export const runIdOf = (generation: number, specHash: string): string =>
  `${digits(generation, 4)}-${specHash.slice(0, 8)}`;

/** The generation that a runId begins with. */
export const generationOf = (runId: string): number => Number.parseInt(runId, 10);

/** `part-<runId>-<unit>-<sub>.<ext>`; an attempt that found inputs vanished or changed adds `-r<8 hex>`. */
export const partKey = (runId: string, unit: number, sub: number, extension: string, suffix = ''): string =>
  `part-${runId}-${digits(unit, UNIT_DIGITS)}-${digits(sub, 4)}${suffix}.${extension}`;

/** How the names of all parts of a run begin. */
export const partPrefix = (runId: string): string => `part-${runId}-`;

/** The one part of a run without any rows. No unit's name: a late attempt's part can never stand in its place. */
export const emptyPartKey = (runId: string, extension: string): string =>
  `${partPrefix(runId)}empty.${extension}`;

/**
 * Whether the parts of a run wait in its run directory until all of it is done. In the layout `mirror` none do: each output
 * is replaced where it stands.
 */
export const isStaged = ({ replaces, frozen }: Pick<RunFile, 'replaces' | 'frozen'>): boolean =>
  replaces === true && frozen.layout === 'parts';

/** Whether the inputs of a run are quarantine objects. In the layout `mirror` a redrive reads the inputs themselves again. */
export const readsQuarantine = ({ redrives, frozen }: Pick<RunFile, 'redrives' | 'frozen'>): boolean =>
  redrives !== undefined && frozen.layout === 'parts';

/** Where a run puts its parts: in front of their names. */
export const partsFolder = (run: Pick<RunFile, 'runId' | 'replaces' | 'frozen'>): string =>
  isStaged(run) ? runKeys(run.runId).staged : '';

/** Where a part stands once its run is published. */
export const publishedKey = ({ staged }: RunKeys, key: string): string =>
  key.startsWith(staged) ? key.slice(staged.length) : key;

/** Whose shards are claimed: those of a submission, or the making of the plan as the one shard 0. */
export type ClaimedWork = number | 'plan';

/** The keys below one run directory. */
export interface RunKeys {
  readonly runId: string;
  readonly root: string;
  readonly run: string;
  /** The columns of the run in the form that `--schema` reads, for people: `run.json` has them too. */
  readonly schema: string;
  readonly planFolder: string;
  planObject(sha: string, index: number): string;
  readonly submissions: string;
  intent(n: number): string;
  outcome(n: number): string;
  job(n: number): string;
  shardList(n: number): string;
  readonly receipts: string;
  receipt(unit: number, sub: number): string;
  /** Behind all receipts of earlier units, before those of this one. */
  receiptsFrom(unit: number): string;
  readonly quarantineFolder: string;
  quarantine(unit: number, sub: number, suffix?: string): string;
  readonly attempts: string;
  attempt(shard: number, submission: number, attempt: string): string;
  readonly logs: string;
  /** All that the attempt had to say, where it came to write it. */
  log(shard: number, submission: number, attempt: string): string;
  /** Parts of a run that replaces what came before, until it is published: then they move to the output's root. */
  readonly staged: string;
  /** Says that they move: from here on there is no way back. */
  readonly publication: string;
  /** What a redrive is to take in the place of records, by its hash. */
  mended(sha256: string): string;
  /** What becomes of the shards of a submission that anybody may take. */
  readonly claims: string;
  claimsOf(n: ClaimedWork): string;
  claim(n: ClaimedWork, shard: number): string;
  /** Says that all of the shard is committed, so that nobody looks for its receipts. */
  shardDone(n: ClaimedWork, shard: number): string;
  /** Says why the shard was given up. */
  shardFailed(n: ClaimedWork, shard: number): string;
  stop(n: number): string;
  readonly stops: string;
  /** Sweeps under way, in the layout `mirror`. */
  sweep(n: number): string;
  readonly sweeps: string;
  /** Says that `winnow gc` removes, or has removed, what a finished run needs no more. */
  readonly clearing: string;
  /** Where quarantined records stand in their inputs, once the plan does not tell any more. */
  readonly lineBases: string;
  readonly ledger: string;
  readonly inputs: string;
  readonly report: string;
  readonly reportPage: string;
  /** A report's list that is longer than the report may hold. */
  list(name: string): string;
}

export function runKeys(runId: string): RunKeys {
  const root = `${WINNOW_FOLDER}/${runId}`;
  return {
    runId,
    root,
    run: `${root}/run.json`,
    schema: `${root}/schema.yaml`,
    planFolder: `${root}/plan/`,
    planObject: (sha, index) => `${root}/plan/${sha}/${digits(index, 6)}.ndjson`,
    submissions: `${root}/submissions/`,
    intent: (n) => `${root}/submissions/${n}.intent.json`,
    outcome: (n) => `${root}/submissions/${n}.outcome.json`,
    job: (n) => `${root}/submissions/${n}.job.json`,
    shardList: (n) => `${root}/submissions/${n}.shards.json`,
    receipts: `${root}/receipts/`,
    receipt: (unit, sub) => `${root}/receipts/${digits(unit, UNIT_DIGITS)}-${digits(sub, 4)}.json`,
    receiptsFrom: (unit) => `${root}/receipts/${digits(unit, UNIT_DIGITS)}`,
    quarantineFolder: `${root}/quarantine/`,
    quarantine: (unit, sub, suffix = '') =>
      `${root}/quarantine/${digits(unit, UNIT_DIGITS)}-${digits(sub, 4)}${suffix}.ndjson.zst`,
    attempts: `${root}/attempts/`,
    attempt: (shard, submission, attempt) => `${root}/attempts/${shard}/${submission}-${attempt}.json`,
    logs: `${root}/logs/`,
    log: (shard, submission, attempt) => `${root}/logs/${shard}/${submission}-${attempt}.ndjson.zst`,
    staged: `${root}/parts/`,
    publication: `${root}/publish.json`,
    mended: (sha256) => `${root}/mended/${sha256.slice(0, 16)}.ndjson`,
    claims: `${root}/claims/`,
    claimsOf: (n) => `${root}/claims/${n}/`,
    claim: (n, shard) => `${root}/claims/${n}/${shard}.json`,
    shardDone: (n, shard) => `${root}/claims/${n}/${shard}.done.json`,
    shardFailed: (n, shard) => `${root}/claims/${n}/${shard}.failed.json`,
    stop: (n) => `${root}/stop/${n}.json`,
    stops: `${root}/stop/`,
    sweep: (n) => `${root}/sweeps/${n}.json`,
    sweeps: `${root}/sweeps/`,
    clearing: `${root}/gc.json`,
    lineBases: `${root}/line-bases.ndjson`,
    ledger: `${root}/ledger.ndjson.zst`,
    inputs: `${root}/inputs.ndjson.zst`,
    report: `${root}/report.json`,
    reportPage: `${root}/report.html`,
    list: (name) => `${root}/${name}.ndjson.zst`,
  };
}
