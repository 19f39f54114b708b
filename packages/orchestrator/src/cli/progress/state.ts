import type { RunEvent } from '../../events.ts';

/** How far back the rates look, in milliseconds. */
const WINDOW_MS = 15_000;
/** Arrays are asked for every some seconds, and their children come in waves. */
const ARRAYS_WINDOW_MS = 300_000;
/** Samples of the window are at least this far apart. */
const SAMPLE_MS = 500;

interface Amount {
  readonly records: number;
  readonly decoded: number;
}

const NOTHING: Amount = { records: 0, decoded: 0 };
const plus = (a: Amount, b: Amount): Amount => ({
  records: a.records + b.records,
  decoded: a.decoded + b.decoded,
});

/** What a running attempt has read since it started, and how much of that is committed. */
interface Running {
  readonly read: Amount;
  readonly committed: Amount;
}

interface Sample extends Amount {
  readonly at: number;
}

export interface ProgressState {
  readonly startedAt: number;
  /** There is progress to show: commands that plan and run nothing never come to it. */
  readonly begun: boolean;
  readonly planned: Extract<RunEvent, { kind: 'planned' }> | undefined;
  readonly units: number;
  readonly quarantined: number;
  readonly failedShards: number;
  /** In receipts. */
  readonly committed: Amount;
  readonly running: ReadonlyMap<number, Running>;
  /** Of a service that tells of its children together only: what `committed` has not told yet is an estimate. */
  readonly arrays: Extract<RunEvent, { kind: 'arrays' }> | undefined;
  readonly samples: readonly Sample[];
  readonly done: boolean;
}

export const startProgress = (nowMs: number): ProgressState => ({
  startedAt: nowMs,
  begun: false,
  planned: undefined,
  units: 0,
  quarantined: 0,
  failedShards: 0,
  committed: NOTHING,
  running: new Map(),
  arrays: undefined,
  samples: [],
  done: false,
});

/**
 * What is done = what is committed + what running attempts have read beyond their commits. A failed attempt gives back
 * what it had not committed, so the sum can fall; it never counts a record twice.
 */
function totals(state: ProgressState): Amount {
  let sum = state.committed;
  for (const { read, committed } of state.running.values())
    sum = plus(sum, {
      records: Math.max(0, read.records - committed.records),
      decoded: Math.max(0, read.decoded - committed.decoded),
    });
  return plus(sum, estimated(state));
}

/** What arrays under way are estimated to have done: records by the bytes, as in what is committed. */
function estimated({ arrays, committed }: ProgressState): Amount {
  const decoded = arrays?.decoded ?? 0;
  const records = committed.decoded > 0 ? Math.round(decoded * (committed.records / committed.decoded)) : 0;
  return { records, decoded };
}

const withShard = (state: ProgressState, shard: number, running: Running | undefined): ProgressState => {
  const shards = new Map(state.running);
  if (running === undefined) shards.delete(shard);
  else shards.set(shard, running);
  return { ...state, running: shards };
};

function applied(state: ProgressState, event: RunEvent): ProgressState {
  switch (event.kind) {
    case 'planning':
      return { ...state, begun: true };
    case 'planned':
      return { ...state, begun: true, planned: event, units: event.already.units, committed: event.already };
    case 'shard-started':
      return withShard(state, event.shard, { read: NOTHING, committed: NOTHING });
    case 'progress': {
      const { committed } = state.running.get(event.shard) ?? { committed: NOTHING };
      const read = { records: event.records, decoded: event.decodedBytes };
      return withShard(state, event.shard, { read, committed });
    }
    case 'committed': {
      const { read, committed } = state.running.get(event.shard) ?? { read: NOTHING, committed: NOTHING };
      const next = withShard(state, event.shard, { read, committed: plus(committed, event) });
      return {
        ...next,
        units: state.units + (event.last ? 1 : 0),
        quarantined: state.quarantined + event.quarantined,
        committed: plus(state.committed, event),
      };
    }
    case 'shard-done':
      return withShard(state, event.shard, undefined);
    case 'shard-failed':
      return withShard(
        { ...state, failedShards: state.failedShards + (event.again ? 0 : 1) },
        event.shard,
        undefined,
      );
    case 'arrays':
      return { ...state, arrays: event };
    case 'memory-high':
    case 'attempts':
    case 'cleared':
    case 'warning':
    case 'detached':
      return state;
    case 'done':
      return { ...state, done: true };
  }
}

/** The state after an event that came at `nowMs`. */
export function progressAfter(state: ProgressState, event: RunEvent, nowMs: number): ProgressState {
  const next = applied(state, event);
  const last = next.samples.at(-1);
  // Planning is over and resumed work is in the sum: rates begin here.
  if (event.kind === 'planned') return { ...next, samples: [{ at: nowMs, ...totals(next) }] };
  if (last !== undefined && nowMs - last.at < SAMPLE_MS) return next;
  const windowMs = next.arrays === undefined ? WINDOW_MS : ARRAYS_WINDOW_MS;
  // The last sample before the window stays: rates are measured from it.
  const recent = next.samples.filter(
    (_, index) => (next.samples[index + 1]?.at ?? nowMs) >= nowMs - windowMs,
  );
  return { ...next, samples: [...recent, { at: nowMs, ...totals(next) }] };
}

export interface ProgressSnapshot {
  readonly phase: 'planning' | 'running' | 'done';
  readonly seconds: number;
  readonly records: number;
  readonly quarantined: number;
  readonly units: number;
  readonly plannedUnits: number;
  readonly failedShards: number;
  /** Containers under way, and shards that wait for one; undefined where processes do them. */
  readonly containers: { readonly running: number; readonly waiting: number } | undefined;
  readonly recordsPerSecond: number;
  /** Decoded bytes. */
  readonly bytesPerSecond: number;
  /** Of the decoded bytes, from 0 to 1; the plan's estimate can be short, so below 1 until all units are committed. */
  readonly share: number;
  readonly secondsLeft: number | undefined;
}

export function progressSnapshot(state: ProgressState, nowMs: number): ProgressSnapshot {
  const sum = totals(state);
  const { planned } = state;
  const from = state.samples[0];
  const elapsed = from === undefined ? 0 : (nowMs - from.at) / 1000;
  const rate = (now: number, then: number): number => (elapsed > 0 ? Math.max(0, now - then) / elapsed : 0);
  const bytesPerSecond = rate(sum.decoded, from?.decoded ?? 0);
  const finished = planned !== undefined && state.units >= planned.units;
  const estimate = planned === undefined || planned.decoded === 0 ? 0 : sum.decoded / planned.decoded;
  const left = Math.max(0, (planned?.decoded ?? 0) - sum.decoded);
  return {
    phase: state.done ? 'done' : planned === undefined ? 'planning' : 'running',
    seconds: (nowMs - state.startedAt) / 1000,
    records: sum.records,
    quarantined: state.quarantined,
    units: state.units,
    plannedUnits: planned?.units ?? 0,
    failedShards: state.failedShards,
    containers: state.arrays,
    recordsPerSecond: rate(sum.records, from?.records ?? 0),
    bytesPerSecond,
    share: finished ? 1 : Math.min(estimate, 0.99),
    secondsLeft: finished ? 0 : bytesPerSecond > 0 && left > 0 ? left / bytesPerSecond : undefined,
  };
}
