import { createHash } from 'node:crypto';
import {
  createRun,
  decideRun,
  diskStorage,
  ENGINE,
  groupShards,
  runKeys,
  shardUnits,
  sumLedger,
  writePlan,
  type Attempt,
  type Intent,
  type MemoryClass,
  type Prices,
  type Receipt,
  type RunFile,
  type ShardSegment,
  type ShardTolerance,
  type Storage,
  type Unit,
} from '@winnow/core';
import type { ArrayBackend } from '../../../src/backend/array-backend.ts';
import { openAwsBatch, type AwsBatchSettings } from '../../../src/backend/aws-batch/aws-batch.ts';
import type { RunEvent } from '../../../src/events.ts';
import { createLog } from '../../../src/log.ts';
import type { ArrayPolicy } from '../../../src/run/arrays/array-policy.ts';
import { liveArrays } from '../../../src/run/arrays/live-array.ts';
import { workOffArrays } from '../../../src/run/arrays/work-off-arrays.ts';
import type { RunPlace, WorkDone } from '../../../src/run/run-place.ts';
import { FakeBatch } from '../../backend/aws-batch/fake-batch.ts';

const SPEC_HASH = 'ab'.repeat(32);
export const RUN_ID = '0000-abababab';
const KEYS = runKeys(RUN_ID);
/** Of each unit, where a test says nothing else of its decoded ones. */
const UNIT_BYTES = 10;

async function* inOnePiece(text: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(text));
}

/** A planned run of units of one small input each, in memory classes. */
export async function planRun(
  output: Storage,
  classes: readonly MemoryClass[],
  decodedOf: (unit: number) => number = () => UNIT_BYTES,
): Promise<RunFile> {
  const units = classes.flatMap(({ firstUnit, units: count, memoryMiB }) =>
    Array.from({ length: count }, (_, n): Unit => {
      const unit = firstUnit + n;
      const inputs = [{ key: String(unit).padStart(6, '0'), size: UNIT_BYTES, pin: 'p' }];
      return { unit, inputs, decoded: decodedOf(unit), memoryMiB };
    }),
  );
  await decideRun(output, {
    ...{ specHash: SPEC_HASH, engine: ENGINE, createdAt: '2026-01-01T00:00:00Z' },
    hasNewInputs: () => Promise.resolve(true),
  });
  const text = units.map((unit) => `${JSON.stringify(unit)}\n`).join('');
  const sha = createHash('sha256').update(text).digest('hex');
  const { firstUnits } = await writePlan(output, KEYS, sha, inOnePiece(text));
  const total = units.length * UNIT_BYTES;
  const run: RunFile = {
    ...{ runId: RUN_ID, generation: 0, specHash: SPEC_HASH, createdAt: '2026-01-01T00:00:00Z' },
    ...{ source: '/in', spec: {} },
    frozen: {
      ...{ engine: ENGINE, zstd: '', format: 'parquet', layout: 'parts', columns: [], drift: 'rest' },
      ...{
        unitBytes: 2 ** 27,
        rowGroupRows: 1,
        rowGroupBytes: 1,
        maxRecordBytes: 1,
        codec: 'zstd',
        level: 3,
      },
    },
    plan: {
      sha,
      objects: firstUnits.length,
      firstUnits,
      units: units.length,
      inputs: units.length,
      bytes: total,
      decoded: units.reduce((sum, { decoded }) => sum + decoded, 0),
      classes: [...classes],
    },
  };
  await createRun(output, run);
  return run;
}

async function put(output: Storage, key: string, value: unknown): Promise<void> {
  const object = await output.create(key);
  await object.write(Buffer.from(`${JSON.stringify(value)}\n`));
  await output.commit([object]);
}

/** Commits a unit as a worker would, but for its part. */
export function commitUnit(output: Storage, unit: number): Promise<void> {
  const receipt: Receipt = {
    ...{
      runId: RUN_ID,
      unit,
      sub: 0,
      last: true,
      lines: 1,
      decodedEnd: 0,
      parts: [],
      drift: [],
      refused: [],
    },
    records: { read: 1, written: 0, filtered: 1, quarantined: 0 },
    skipped: { blank: 0, bom: 0, header: 0 },
    bytes: { planned: UNIT_BYTES, read: UNIT_BYTES, refused: 0, decoded: UNIT_BYTES, written: 0 },
  };
  return put(output, KEYS.receipt(unit, 0), receipt);
}

/** What a test makes of a run on AWS Batch. */
export interface ArrayRunOptions {
  readonly classes?: readonly MemoryClass[];
  readonly unitsPerShard?: number;
  /** Estimated decoded bytes of a unit. */
  readonly decodedOf?: (unit: number) => number;
  readonly policy?: Partial<ArrayPolicy>;
  readonly settings?: Partial<AwsBatchSettings>;
  readonly maxShards?: number;
  readonly tolerate?: ShardTolerance;
  readonly prices?: Prices;
  /** The types of the compute environments of queues. */
  readonly environments?: FakeBatch['environments'];
}

/** A run on a fake AWS Batch, and a clock that only polls move on. */
export class ArrayRun {
  readonly api = new FakeBatch();
  readonly events: RunEvent[] = [];
  readonly output: Storage;
  readonly run: RunFile;
  readonly grouping: readonly ShardSegment[];
  policy: ArrayPolicy;
  abort = new AbortController();
  nowMs = Date.parse('2026-01-01T00:00:00Z');
  polls = 0;
  readonly #backend: ArrayBackend;
  readonly #tolerate: ShardTolerance | undefined;
  readonly #prices: Prices | undefined;

  private constructor(
    output: Storage,
    run: RunFile,
    options: ArrayRunOptions,
    backend: ArrayBackend,
    api: FakeBatch,
  ) {
    this.api = api;
    this.output = output;
    this.run = run;
    this.grouping = groupShards(run.plan.classes, options.unitsPerShard ?? 1);
    this.policy = {
      pollMs: 10_000,
      maxRunning: undefined,
      runnableMs: 900_000,
      fallback: undefined,
      ...options.policy,
    };
    this.#tolerate = options.tolerate;
    this.#prices = options.prices;
    this.#backend = { ...backend, maxShards: options.maxShards ?? backend.maxShards };
  }

  static async plan(folder: string, options: ArrayRunOptions = {}): Promise<ArrayRun> {
    const output = diskStorage(folder);
    const classes = options.classes ?? [{ memoryMiB: 512, firstUnit: 0, units: 5 }];
    const run = await planRun(output, classes, options.decodedOf);
    const api = new FakeBatch();
    api.environments = options.environments ?? {};
    const settings: AwsBatchSettings = {
      ...{
        queue: 'spot',
        jobDefinition: 'worker',
        fallbackQueue: undefined,
        vcpus: 1,
        timeoutSeconds: 3600,
        tags: {},
      },
      ...options.settings,
    };
    const backend = await openAwsBatch(
      { api, logStreams: api.logStreams, sleep: () => Promise.resolve() },
      settings,
    );
    return new ArrayRun(output, run, options, backend, api);
  }

  /** Does what the command does; `onPoll` is the world going on between two looks. */
  async work(
    onPoll: (poll: number) => void | Promise<void>,
    grouping: readonly ShardSegment[] = this.grouping,
  ): Promise<WorkDone> {
    const { run, output } = this;
    const now = (): Date => new Date(this.nowMs);
    const live = await liveArrays(output, run, this.#backend, now);
    const place: RunPlace<ArrayBackend> = {
      ...{ run, output, now, backend: this.#backend, history: new Map() },
      grouping: live[0]?.intent.grouping ?? grouping,
      ledger: await sumLedger(output, run),
      settings: { concurrency: 0, memoryMiB: 512, maxQuarantined: { records: 0 }, prices: this.#prices },
      sleep: async (ms, signal) => {
        signal.throwIfAborted();
        this.nowMs += ms;
        await onPoll(this.polls++);
        signal.throwIfAborted();
      },
      tolerate: this.#tolerate,
      random: () => 0.5,
      tell: (event) => void this.events.push(event),
      log: createLog('error', () => undefined),
    };
    return workOffArrays(place, this.policy, live, this.abort.signal);
  }

  /** Before the same command is run once more. */
  again(): void {
    this.abort = new AbortController();
    this.polls = 0;
  }

  get jobIds(): string[] {
    return [...this.api.jobs.keys()];
  }

  /** The shard that a child does, as its worker would find out. */
  async shardOf(id: string, index: number): Promise<number> {
    const { WINNOW_SHARD_BASE, WINNOW_SHARD_LIST } = this.api.environmentOf(id);
    if (WINNOW_SHARD_LIST === undefined) return Number(WINNOW_SHARD_BASE) + index;
    const chunks: Uint8Array[] = [];
    for await (const chunk of this.output.read(WINNOW_SHARD_LIST.slice(this.output.uri.length + 1)))
      chunks.push(chunk);
    return (JSON.parse(Buffer.concat(chunks).toString()) as number[])[index] ?? -1;
  }

  /** A child does all units of its shard and succeeds. */
  async succeed(id: string, index: number): Promise<void> {
    const { firstUnit, count } = shardUnits(this.grouping, await this.shardOf(id, index));
    for (let unit = firstUnit; unit < firstUnit + count; unit++) await commitUnit(this.output, unit);
    this.api.set(id, index, 'SUCCEEDED');
  }

  /** All children of a job that no test has moved. */
  async succeedAll(id: string): Promise<void> {
    for (let index = 0; index < this.api.sizeOf(id); index++)
      if (this.api.jobs.get(id)?.states.has(index) !== true) await this.succeed(id, index);
  }

  /** An attempt leaves its record. */
  async recordAttempt(id: string, index: number, facts: Partial<Attempt>): Promise<void> {
    const shard = await this.shardOf(id, index);
    const submission = Number(this.api.environmentOf(id)['WINNOW_SUBMISSION']);
    const attempt = facts.attempt ?? '1';
    const record: Attempt = {
      ...{
        shard,
        submission,
        attempt,
        state: 'failed',
        host: 'h',
        pid: 1,
        startedAt: attempt,
        updatedAt: '',
      },
      ...{
        cpuSeconds: 1,
        peakMemoryMiB: 1,
        memoryMiB: 512,
        committed: { subUnits: 0, records: 0, decoded: 0 },
      },
      ...facts,
    };
    await put(this.output, KEYS.attempt(shard, submission, attempt), record);
  }

  async intents(): Promise<Intent[]> {
    const intents: Intent[] = [];
    for await (const { key } of this.output.list(KEYS.submissions)) {
      if (!key.endsWith('.intent.json')) continue;
      const chunks: Uint8Array[] = [];
      for await (const chunk of this.output.read(key)) chunks.push(chunk);
      intents.push(JSON.parse(Buffer.concat(chunks).toString()) as Intent);
    }
    return intents.sort((a, b) => a.n - b.n);
  }

  /** `kind` of the events, of those that are asked for. */
  seen<K extends RunEvent['kind']>(kind: K): Extract<RunEvent, { kind: K }>[] {
    return this.events.filter((event): event is Extract<RunEvent, { kind: K }> => event.kind === kind);
  }
}
