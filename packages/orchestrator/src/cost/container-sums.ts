import type { CostItem, IntendedJob, Prices } from '@winnow/core';
import { containerPrice, usdPerSecond } from './container-price.ts';

const GIB_MIB = 1024;

/** Containers that are billed alike. */
interface Alike {
  readonly name: string;
  vcpuSeconds: number;
  gibSeconds: number;
  /** Undefined where they have no price. */
  readonly usd: { vcpus: number; memory: number } | undefined;
}

/** What containers come to. */
export class ContainerSums {
  readonly #prices: Prices;
  readonly #alike = new Map<string, Alike>();
  #usd = 0;
  #onDemand = 0;

  constructor(prices: Prices) {
    this.#prices = prices;
  }

  /** Of those that have a price. */
  get usd(): number {
    return this.#usd;
  }

  /** What they would be in places that nobody takes back. */
  get onDemand(): number {
    return this.#onDemand;
  }

  /** There are some, and all have a price. */
  get arePriced(): boolean {
    return this.#alike.size > 0 && [...this.#alike.values()].every(({ usd }) => usd !== undefined);
  }

  get items(): CostItem[] {
    return [...this.#alike.values()].flatMap(({ name, vcpuSeconds, gibSeconds, usd }): CostItem[] => [
      { name: `${name}, vCPU`, quantity: vcpuSeconds, unit: 'vCPU-seconds', usd: usd?.vcpus ?? null },
      { name: `${name}, memory`, quantity: gibSeconds, unit: 'GB-seconds', usd: usd?.memory ?? null },
    ]);
  }

  /** @returns what it costs; 0 where it has no price */
  add(job: IntendedJob, seconds: number): number {
    const name = nameOf(job);
    const price = containerPrice(this.#prices, job);
    const alike = this.#alike.get(name) ?? {
      ...{ name, vcpuSeconds: 0, gibSeconds: 0 },
      usd: price && { vcpus: 0, memory: 0 },
    };
    this.#alike.set(name, alike);
    alike.vcpuSeconds += job.vcpus * seconds;
    alike.gibSeconds += (job.memoryMiB / GIB_MIB) * seconds;
    const lasting = containerPrice(this.#prices, { ...job, capacity: 'fargate' });
    if (price === undefined || lasting === undefined || alike.usd === undefined) return 0;
    const { vcpus, memory } = usdPerSecond(price, job);
    alike.usd.vcpus += vcpus * seconds;
    alike.usd.memory += memory * seconds;
    const second = usdPerSecond(lasting, job);
    this.#onDemand += (second.vcpus + second.memory) * seconds;
    this.#usd += (vcpus + memory) * seconds;
    return (vcpus + memory) * seconds;
  }
}

const CAPACITY_NAMES = { fargate: 'Fargate', 'fargate-spot': 'Fargate Spot', ec2: 'EC2' };

/** Where Batch did not tell, the name says what was assumed. */
const nameOf = ({ capacity, architecture }: IntendedJob): string =>
  `${capacity === undefined ? 'Fargate (assumed)' : CAPACITY_NAMES[capacity]} ${architecture ?? 'x86'}`;
