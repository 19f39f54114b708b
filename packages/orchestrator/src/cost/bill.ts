import type { Attempt, CostItem, IntendedJob, Prices, RunCost } from '@winnow/core';
import { billedSeconds, lostSeconds } from './billed-seconds.ts';
import { ContainerSums } from './container-sums.ts';
import { DearestShards } from './dearest-shards.ts';
import { LOG_BYTES_AN_ATTEMPT } from './log-bytes.ts';
import type { BilledSubmissions } from './submissions.ts';
import { roundUsd } from './usd.ts';

const GB = 1e9;

/** Of processes that nobody bills by the container. */
export const CPU_TIME = 'CPU time of processes';

/** The shard whose attempts are being added. */
interface ShardUnderWay {
  readonly shard: number;
  attempts: number;
  usd: number;
  /** The numbers of the attempts that left a record, by submission. */
  readonly recorded: Map<number, Set<number>>;
  /** How long the service said that each attempt ran, by submission. */
  readonly told: ReadonlyMap<number, readonly number[]>;
}

/**
 * What attempts come to, one after the other, those of a shard together: a million of them are a few numbers. One that was
 * killed before its first record shows in what the service told of its shard, or in the numbers of the attempts behind it.
 */
export class Bill {
  readonly #prices: Prices;
  readonly #jobs: ReadonlyMap<number, IntendedJob>;
  /** Of shards that were not turned to yet. */
  readonly #told: Map<number, ReadonlyMap<number, readonly number[]>>;
  readonly #containers: ContainerSums;
  readonly #dearest = new DearestShards();
  readonly #requests = { writes: 0, reads: 0 };
  #shard: ShardUnderWay | undefined;
  #cpuSeconds = 0;
  #logBytes = 0;

  /** @param submissions those that a service runs; the others cost nothing that anybody could know */
  constructor(prices: Prices, { jobs, told }: Pick<BilledSubmissions, 'jobs' | 'told'>) {
    this.#prices = prices;
    this.#jobs = jobs;
    this.#told = new Map(told);
    this.#containers = new ContainerSums(prices);
  }

  add(attempt: Attempt): void {
    const { submission, requests } = attempt;
    const job = this.#jobs.get(submission);
    if (job === undefined) {
      this.#cpuSeconds += attempt.cpuSeconds;
      return;
    }
    const shard = this.#turnTo(attempt.shard);
    const number = Number(attempt.attempt);
    this.#bill(shard, job, billedSeconds(attempt, shard.told.get(submission)?.[number - 1]));
    shard.recorded.set(submission, (shard.recorded.get(submission) ?? new Set()).add(number));
    this.#requests.writes += requests?.writes ?? 0;
    this.#requests.reads += requests?.reads ?? 0;
    this.#logBytes += LOG_BYTES_AN_ATTEMPT;
  }

  /** In US dollars, of what has a price. No more attempts can be added then. */
  total(): number {
    this.#end();
    return this.#items().reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  }

  /** @param estimated what it was expected to cost before */
  cost(estimated: number | null): RunCost {
    const actual = this.total();
    const { usd, onDemand, arePriced } = this.#containers;
    const { date, region, source } = this.#prices;
    return {
      estimated,
      actual: arePriced ? roundUsd(actual) : null,
      currency: 'USD',
      items: this.#items().map((item) => ({
        ...item,
        quantity: Math.round(item.quantity * 1e6) / 1e6,
        usd: item.usd === null ? null : roundUsd(item.usd),
      })),
      ...(arePriced && {
        onDemand: roundUsd(actual - usd + onDemand),
        shards: this.#dearest.list.map((shard) => ({ ...shard, usd: roundUsd(shard.usd) })),
        prices: { date, region, source },
      }),
    };
  }

  /** The shard, once the one before it is over. */
  #turnTo(shard: number): ShardUnderWay {
    if (this.#shard?.shard === shard) return this.#shard;
    this.#endShard();
    const told = this.#told.get(shard) ?? new Map<number, readonly number[]>();
    this.#told.delete(shard);
    this.#shard = { shard, attempts: 0, usd: 0, recorded: new Map(), told };
    return this.#shard;
  }

  #bill(shard: ShardUnderWay, job: IntendedJob, seconds: number): void {
    shard.attempts++;
    shard.usd += this.#containers.add(job, seconds);
  }

  /** Adds its attempts that left no record. */
  #endShard(): void {
    const shard = this.#shard;
    this.#shard = undefined;
    if (shard === undefined) return;
    const { told, recorded } = shard;
    for (const submission of new Set([...told.keys(), ...recorded.keys()])) {
      const job = this.#jobs.get(submission);
      if (job === undefined) continue;
      for (const seconds of lostSeconds(told.get(submission) ?? [], recorded.get(submission) ?? new Set()))
        this.#bill(shard, job, seconds);
    }
    if (shard.usd > 0) this.#dearest.add({ shard: shard.shard, attempts: shard.attempts, usd: shard.usd });
  }

  #end(): void {
    for (const shard of [...this.#told.keys()]) this.#turnTo(shard);
    this.#endShard();
  }

  #items(): CostItem[] {
    const { s3, logs } = this.#prices;
    const { writes, reads } = this.#requests;
    const logGb = this.#logBytes / GB;
    const items: CostItem[] = [
      ...this.#containers.items,
      { name: CPU_TIME, quantity: this.#cpuSeconds, unit: 'vCPU-seconds', usd: null },
      {
        ...{ name: 'S3 PUT, COPY, POST, LIST of workers', quantity: writes, unit: 'requests' },
        usd: (writes * s3.writesPer1000) / 1000,
      },
      {
        ...{ name: 'S3 GET, HEAD of workers', quantity: reads, unit: 'requests' },
        usd: (reads * s3.readsPer1000) / 1000,
      },
      { name: 'CloudWatch Logs, estimated', quantity: logGb, unit: 'GB', usd: logGb * logs.gb },
    ];
    return items.filter(({ quantity }) => quantity > 0);
  }
}
