import { WinnowError } from '../../src/errors.ts';
import { closeRun } from '../../src/commit/close.ts';
import { readInputs } from '../../src/commit/close-inputs.ts';
import { commitSubUnit } from '../../src/commit/commit-sub-unit.ts';
import { decideRun, readGeneration, type Intention } from '../../src/commit/generations.ts';
import { createRun, joinRun, readRun, readUnits, writePlan } from '../../src/commit/run-file.ts';
import { groupShards, shardCount, shardUnits } from '../../src/commit/shards.ts';
import { createSubmission, highestStop, isStopped, requestStop } from '../../src/commit/submissions.ts';
import { beginWriting, previousRunId } from '../../src/commit/success.ts';
import { sweepClosed } from '../../src/commit/sweep.ts';
import { unitProgress } from '../../src/ledger/unit-progress.ts';
import { isStaged, runKeys } from '../../src/run-keys.ts';
import type { RunFile } from '../../src/shapes/run.ts';
import type { Intent } from '../../src/shapes/submission.ts';
import type { PlannedInput } from '../../src/shapes/unit.ts';
import type { Storage } from '../../src/storage/storage.ts';
import { newMirrorInputs } from './mirror-run.ts';
import { plainCodec } from './plain-codec.ts';
import { SOURCE, SPEC_HASH, TOY_ENGINE, makeSubUnit, toyPlan, toyRun } from './small-run.ts';

/** The steps that the explorer's mutants put something broken in the place of. */
export interface Protocol {
  readonly commit: typeof commitSubUnit;
  readonly close: (storage: Storage, run: RunFile) => Promise<unknown>;
  readonly seal: (storage: Storage, run: RunFile, lines: readonly string[]) => Promise<RunFile>;
}

export const TOY_ENDED_AT = '2026-01-01T00:00:00.000Z';

export const toyClose = (storage: Storage, run: RunFile, cancelled = false) =>
  closeRun(storage, run, {
    codec: plainCodec,
    facts: {
      shards: { total: 1, failed: 0 },
      attempts: { total: 1, interrupted: 0, failed: 0 },
      time: { startedAt: '', endedAt: TOY_ENDED_AT, seconds: 0 },
      cost: { estimated: null, actual: null, currency: 'USD', items: [] },
      maxQuarantined: { records: 100 },
      cancelled,
      problems: [],
    },
    emptyPart: () => Promise.resolve(Buffer.from('[]')),
  });

async function* textOf(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const line of lines) yield await Promise.resolve(Buffer.from(`${line}\n`));
}

export const REAL: Protocol = {
  commit: commitSubUnit,
  close: toyClose,
  seal: async (storage, run, lines) => {
    await writePlan(storage, runKeys(run.runId), run.plan.sha, textOf(lines));
    return (await createRun(storage, run)).run;
  },
};

export interface Settings {
  readonly protocol?: Protocol;
  readonly specHash?: string;
  readonly intention?: Intention;
  readonly engine?: number;
  readonly layout?: RunFile['frozen']['layout'];
  /** Of outputs in the layout `mirror`. */
  readonly extension?: string;
  readonly unitsPerShard?: number;
  readonly memoryMiB?: number;
  /** Shards worked on at once. */
  readonly concurrency?: number;
}

async function listSource(storage: Storage): Promise<PlannedInput[]> {
  const inputs: PlannedInput[] = [];
  for await (const { key, size } of storage.list(SOURCE))
    inputs.push({ key: key.slice(SOURCE.length), size, pin: `size ${size}` });
  return inputs;
}

async function knownInputs(storage: Storage, runId: string | undefined): Promise<Set<string>> {
  const known = new Set<string>();
  if (runId !== undefined) for await (const { key } of readInputs(storage, runId, plainCodec)) known.add(key);
  return known;
}

/** Decides, plans where that is the decision, and gives the run to work on, or undefined for "nothing to do". */
export async function planCommand(storage: Storage, settings: Settings = {}): Promise<RunFile | undefined> {
  const { protocol = REAL, specHash = SPEC_HASH, engine = TOY_ENGINE, layout = 'parts' } = settings;
  const { intention = 'resume', extension } = settings;
  const isNew = async (previous: string | undefined, replaces?: true) => {
    if (layout === 'mirror')
      return newMirrorInputs(storage, previous, await listSource(storage), { extension, replaces });
    const known = await knownInputs(storage, previous);
    return (await listSource(storage)).filter(({ key }) => !known.has(key));
  };
  const decision = await decideRun(storage, {
    specHash,
    engine,
    createdAt: 'now',
    intention,
    hasNewInputs: async (previous) => (await isNew(previous)).length > 0,
  });
  if (decision.step === 'nothing') {
    await sweepClosed(storage, await readRun(storage, decision.runId), plainCodec);
    return undefined;
  }
  if (decision.step === 'join') return joinRun(storage, decision.runId);
  if (decision.abandoned !== undefined) await requestStop(storage, runKeys(decision.abandoned), 'now');
  const { replaces } = await readGeneration(storage, decision.generation);
  const before = replaces === true ? undefined : await previousRunId(storage, decision);
  const { units, classes } = toyPlan(await isNew(before, replaces));
  const lines = units.map((unit) => JSON.stringify(unit));
  const run = toyRun(units, classes, { generation: decision.generation, layout, specHash, replaces });
  return protocol.seal(storage, run, lines);
}

/** A worker: its units in turn, each from where it stands. Ends early where its submission is stopped. */
export async function work(
  storage: Storage,
  run: RunFile,
  submission: number,
  firstUnit: number,
  count: number,
  protocol: Protocol = REAL,
): Promise<'done' | 'stopped'> {
  const keys = runKeys(run.runId);
  if (!isStaged(run)) await beginWriting(storage, run);
  for await (const unit of readUnits(storage, run, firstUnit, count)) {
    let { subUnits: sub, committed } = await unitProgress(storage, keys, unit.unit);
    for (; !committed; sub++) {
      if (isStopped(submission, await highestStop(storage, keys))) return 'stopped';
      const made = await makeSubUnit(storage, run, unit, sub);
      const result = await protocol.commit(storage, keys, made).catch((error: unknown) => {
        if (error instanceof WinnowError && error.retryable) return undefined;
        throw error;
      });
      // As a shard whose failure may pass is tried again.
      if (result === undefined) sub--;
      else committed = result.receipt.last;
    }
  }
  return 'done';
}

export const toyIntent =
  (run: RunFile, unitsPerShard = 1, memoryMiB = 256) =>
  (n: number): Intent => {
    const grouping = groupShards(run.plan.classes, unitsPerShard);
    const shards = { first: 0, count: shardCount(grouping) };
    const settings = { concurrency: 1, memoryMiB: 512, maxQuarantined: { records: 100 } };
    return { n, backend: 'local', createdAt: 'now', grouping, shards, memoryMiB, settings };
  };

/** `winnow run`, whole: plan, submit, work, close. */
export async function runCommand(storage: Storage, settings: Settings = {}): Promise<'nothing' | 'ran'> {
  const { protocol = REAL, unitsPerShard = 1, memoryMiB = 256, concurrency = 1 } = settings;
  const run = await planCommand(storage, settings);
  if (run === undefined) return 'nothing';
  const intent = await createSubmission(
    storage,
    runKeys(run.runId),
    toyIntent(run, unitsPerShard, memoryMiB),
  );
  const shards = Array.from({ length: shardCount(intent.grouping) }, (_, shard) => shard);
  for (let at = 0; at < shards.length; at += concurrency)
    await Promise.all(
      shards.slice(at, at + concurrency).map((shard) => {
        const { firstUnit, count } = shardUnits(intent.grouping, shard);
        return work(storage, run, intent.n, firstUnit, count, protocol);
      }),
    );
  await protocol.close(storage, run);
  return 'ran';
}
