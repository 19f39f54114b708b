import { runKeys, type Attempt, type Storage } from '@winnow/core';
import type { LogPlace } from './ecs-metadata.ts';

/** Facts of the process and of its surroundings: passed in, so that this file asks nobody. */
export interface AttemptFacts {
  readonly shard: number;
  readonly submission: number;
  readonly attempt: string;
  readonly host: string;
  readonly pid: number;
  /** Of a batch service, as the next is. */
  readonly jobId: string | undefined;
  readonly logPlace: LogPlace | undefined;
  readonly memoryMiB: number;
}

/** What the process has used so far. */
export interface Usage {
  readonly now: Date;
  readonly cpuSeconds: number;
  readonly peakMemoryMiB: number;
  /** To S3. */
  readonly requests: { readonly writes: number; readonly reads: number };
}

/** What a process had used up on shards before; its start counts as the first one's. */
export type UsedBefore = Pick<Usage, 'cpuSeconds' | 'requests'>;
export const NOTHING: UsedBefore = { cpuSeconds: 0, requests: { writes: 0, reads: 0 } };

/** At a commit it is rewritten at most so often: on S3 each time is a request, and units may be small. */
const WRITE_EVERY_MS = 5000;

/**
 * The record of one attempt at a shard, rewritten at its start, at commits and at its end. A record that stays
 * `running` tells that the process was killed.
 *
 * Its first writing must succeed. A later one that fails is told on standard error and changes nothing else: it must
 * not turn committed work into a failure, for receipts decide.
 */
export class AttemptRecord {
  readonly #storage: Storage;
  readonly #key: string;
  readonly #usage: () => Usage;
  #attempt: Attempt;
  #writtenAt = 0;
  /** What the process had used up on shards before. */
  readonly #before: UsedBefore;

  constructor(
    storage: Storage,
    runId: string,
    facts: AttemptFacts,
    usage: () => Usage,
    before: UsedBefore = NOTHING,
  ) {
    const { jobId, logPlace, ...known } = facts;
    const startedAt = usage().now.toISOString();
    this.#before = before;
    this.#storage = storage;
    this.#key = runKeys(runId).attempt(facts.shard, facts.submission, facts.attempt);
    this.#usage = usage;
    this.#attempt = {
      ...known,
      ...(jobId === undefined ? {} : { jobId }),
      ...(logPlace === undefined ? {} : { logGroup: logPlace.group, logStream: logPlace.stream }),
      state: 'running',
      startedAt,
      updatedAt: startedAt,
      cpuSeconds: 0,
      peakMemoryMiB: 0,
      requests: { writes: 0, reads: 0 },
      committed: { subUnits: 0, records: 0, decoded: 0 },
    };
  }

  /** Written when the attempt begins. */
  start(): Promise<void> {
    return this.#write({});
  }

  /** This attempt committed a sub-unit. */
  committed(records: number, decoded: number): Promise<void> {
    const before = this.#attempt.committed;
    const committed = {
      subUnits: before.subUnits + 1,
      records: before.records + records,
      decoded: before.decoded + decoded,
    };
    this.#attempt = { ...this.#attempt, committed };
    const isDue = this.#usage().now.getTime() - this.#writtenAt >= WRITE_EVERY_MS;
    return isDue ? this.#tryWrite({}) : Promise.resolve();
  }

  /** How it ended. */
  end(ending: Pick<Attempt, 'state' | 'cause' | 'message' | 'neededMiB' | 'exitCode'>): Promise<void> {
    return this.#tryWrite(ending);
  }

  async #tryWrite(change: Partial<Attempt>): Promise<void> {
    await this.#write(change).catch((error: unknown) => {
      console.error(
        `winnow worker: attempt record: ${error instanceof Error ? error.message : String(error)}`,
      );
    });
  }

  async #write(change: Partial<Attempt>): Promise<void> {
    const { now, cpuSeconds, peakMemoryMiB, requests } = this.#usage();
    const before = this.#before;
    this.#writtenAt = now.getTime();
    this.#attempt = {
      ...this.#attempt,
      ...change,
      updatedAt: now.toISOString(),
      cpuSeconds: cpuSeconds - before.cpuSeconds,
      peakMemoryMiB,
      requests: {
        writes: requests.writes - before.requests.writes,
        reads: requests.reads - before.requests.reads,
      },
    };
    await this.#storage.replace(this.#key, Buffer.from(`${JSON.stringify(this.#attempt)}\n`));
  }
}
