import type { Attempt, CostItem, IntendedJob, Prices, RunCost } from '@winnow/core';
import { containerPrice, usdPerSecond } from './container-price.ts';
import { LOG_BYTES_AN_ATTEMPT } from './log-bytes.ts';
import { roundUsd } from './usd.ts';

/** What a container is billed for at least: https://aws.amazon.com/fargate/pricing/ */
const MIN_SECONDS = 60;
/** Shards that a report names. */
const NAMED_SHARDS = 5;
const GIB_MIB = 1024;

/** Whole seconds from an attempt's start to the last that is known of it, a minute at least. */
export function billedSeconds({ startedAt, updatedAt }: Pick<Attempt, 'startedAt' | 'updatedAt'>): number {
  const seconds = Math.ceil((Date.parse(updatedAt) - Date.parse(startedAt)) / 1000);
  return Number.isFinite(seconds) ? Math.max(MIN_SECONDS, seconds) : MIN_SECONDS;
}

/** Containers that are billed alike. */
interface ContainerSums {
  readonly name: string;
  vcpuSeconds: number;
  gibSeconds: number;
  /** Undefined where they have no price. */
  usd: { vcpus: number; memory: number } | undefined;
}

interface ShardCost {
  readonly shard: number;
  attempts: number;
  usd: number;
}

/** What attempts come to, one after the other, those of a shard together: a million of them are a few numbers. */
export class Bill {
  readonly #prices: Prices;
  readonly #jobs: ReadonlyMap<number, IntendedJob>;
  readonly #containers = new Map<string, ContainerSums>();
  readonly #requests = { writes: 0, reads: 0 };
  readonly #dearest: ShardCost[] = [];
  #shard: ShardCost | undefined;
  #cpuSeconds = 0;
  #logBytes = 0;
  #onDemand = 0;

  /** @param jobs of the submissions that a service runs; the others cost nothing that anybody could know */
  constructor(prices: Prices, jobs: ReadonlyMap<number, IntendedJob>) {
    this.#prices = prices;
    this.#jobs = jobs;
  }

  add(attempt: Attempt): void {
    const job = this.#jobs.get(attempt.submission);
    if (job === undefined) {
      this.#cpuSeconds += attempt.cpuSeconds;
      return;
    }
    const usd = this.#addContainer(job, billedSeconds(attempt));
    this.#requests.writes += attempt.requests?.writes ?? 0;
    this.#requests.reads += attempt.requests?.reads ?? 0;
    this.#logBytes += LOG_BYTES_AN_ATTEMPT;
    if (this.#shard?.shard !== attempt.shard) {
      this.#keepDearest();
      this.#shard = { shard: attempt.shard, attempts: 0, usd: 0 };
    }
    this.#shard.attempts++;
    this.#shard.usd += usd;
  }

  #addContainer(job: IntendedJob, seconds: number): number {
    const name = nameOf(job);
    const price = containerPrice(this.#prices, job);
    const sums = this.#containers.get(name) ?? {
      ...{ name, vcpuSeconds: 0, gibSeconds: 0 },
      usd: price && { vcpus: 0, memory: 0 },
    };
    this.#containers.set(name, sums);
    sums.vcpuSeconds += job.vcpus * seconds;
    sums.gibSeconds += (job.memoryMiB / GIB_MIB) * seconds;
    if (price === undefined || sums.usd === undefined) return 0;
    const { vcpus, memory } = usdPerSecond(price, job);
    sums.usd.vcpus += vcpus * seconds;
    sums.usd.memory += memory * seconds;
    const lasting = usdPerSecond(containerPrice(this.#prices, { ...job, capacity: 'fargate' }) ?? price, job);
    this.#onDemand += (lasting.vcpus + lasting.memory) * seconds;
    return (vcpus + memory) * seconds;
  }

  /** Takes down the shard that is over, if it is one of the dearest. */
  #keepDearest(): void {
    if (this.#shard === undefined || this.#shard.usd === 0) return;
    this.#dearest.push(this.#shard);
    this.#dearest.sort((a, b) => b.usd - a.usd || a.shard - b.shard);
    this.#dearest.length = Math.min(this.#dearest.length, NAMED_SHARDS);
  }

  /** In US dollars, of what has a price. */
  get usd(): number {
    return this.#items().reduce((sum, { usd }) => sum + (usd ?? 0), 0);
  }

  /** @param estimated what it was expected to cost before */
  cost(estimated: number | null): RunCost {
    this.#keepDearest();
    this.#shard = undefined;
    const items = this.#items();
    const containers = [...this.#containers.values()];
    const isPriced = containers.length > 0 && containers.every(({ usd }) => usd !== undefined);
    const ofContainers = containers.reduce(
      (sum, { usd }) => sum + (usd === undefined ? 0 : usd.vcpus + usd.memory),
      0,
    );
    const { date, region, source } = this.#prices;
    return {
      estimated,
      actual: isPriced ? roundUsd(this.usd) : null,
      currency: 'USD',
      items: items.map((item) => ({
        ...item,
        quantity: Math.round(item.quantity * 1000) / 1000,
        usd: item.usd === null ? null : roundUsd(item.usd),
      })),
      ...(isPriced && {
        onDemand: roundUsd(this.usd - ofContainers + this.#onDemand),
        shards: this.#dearest.map((shard) => ({ ...shard, usd: roundUsd(shard.usd) })),
        prices: { date, region, source },
      }),
    };
  }

  #items(): CostItem[] {
    const { s3, logs } = this.#prices;
    const { writes, reads } = this.#requests;
    return [
      ...[...this.#containers.values()].flatMap(({ name, vcpuSeconds, gibSeconds, usd }): CostItem[] => [
        { name: `${name}, vCPU`, quantity: vcpuSeconds, unit: 'vCPU-seconds', usd: usd?.vcpus ?? null },
        { name: `${name}, memory`, quantity: gibSeconds, unit: 'GB-seconds', usd: usd?.memory ?? null },
      ]),
      ...(this.#cpuSeconds > 0
        ? [{ name: CPU_TIME, quantity: this.#cpuSeconds, unit: 'vCPU-seconds', usd: null }]
        : []),
      ...(writes + reads > 0
        ? [
            {
              ...{ name: 'S3 PUT, COPY, POST, LIST of workers', quantity: writes, unit: 'requests' },
              usd: (writes * s3.writesPer1000) / 1000,
            },
            {
              ...{ name: 'S3 GET, HEAD of workers', quantity: reads, unit: 'requests' },
              usd: (reads * s3.readsPer1000) / 1000,
            },
          ]
        : []),
      ...(this.#logBytes > 0
        ? [
            {
              ...{ name: 'CloudWatch Logs, estimated', quantity: this.#logBytes / 1e9, unit: 'GB' },
              usd: (this.#logBytes / 1e9) * logs.gb,
            },
          ]
        : []),
    ];
  }
}

/** Of processes that nobody bills by the container. */
export const CPU_TIME = 'CPU time of processes';

const CAPACITY_NAMES = { fargate: 'Fargate', 'fargate-spot': 'Fargate Spot', ec2: 'EC2' };

/** Where Batch did not tell, the name says what was assumed. */
const nameOf = ({ capacity, architecture }: IntendedJob): string =>
  `${capacity === undefined ? 'Fargate (assumed)' : CAPACITY_NAMES[capacity]} ${architecture ?? 'x86'}`;
