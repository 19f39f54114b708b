import {
  processMemoryMiB,
  type MemoryClass,
  type Prices,
  type RunFile,
  type ShardSegment,
} from '@winnow/core';
import type { Billed, JobSize } from '../backend/array-backend.ts';
import { containerUsdPerSecond } from './container-price.ts';
import { expectedRequestsUsd, type ContainersWork } from './expected-requests.ts';
import { expectedSeconds, INPUT_BYTES } from './expected-seconds.ts';
import { roundUsd } from './usd.ts';

/** Fargate starts so many containers at once, then so many a second: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/throttling.html */
const LAUNCH_BURST = 100;
const LAUNCHES_PER_SECOND = 20;

/** What is known of a run before it begins. */
export interface PlannedWork extends Pick<RunFile['plan'], 'decoded' | 'inputs'> {
  readonly classes: readonly MemoryClass[];
  /** A segment for each class, in their order. */
  readonly grouping: readonly ShardSegment[];
  readonly columns: RunFile['frozen']['columns'];
  /** Decoded bytes of a unit. */
  readonly unitBytes: number;
  /** What `--memory` asks for. */
  readonly memoryMiB: number;
  readonly sizeOf: (memoryMiB: number) => JobSize;
}

/** What a run is expected to take. */
export interface ExpectedRun extends Omit<ContainersWork, 'containers'> {
  /** The containers of each segment: so many, each of this size, for so long. */
  readonly containers: readonly {
    readonly count: number;
    readonly size: JobSize;
    readonly seconds: number;
  }[];
}

/** Nothing fails, nothing is reclaimed, and every shard of a class has as much to do. */
export function expectRun(work: PlannedWork): ExpectedRun {
  const { classes, grouping, decoded, inputs } = work;
  const units = classes.reduce((sum, { units: count }) => sum + count, 0);
  const bytesPerUnit = (decoded + inputs * INPUT_BYTES) / Math.max(1, units);
  const containers = grouping
    .filter((segment) => segment.units > 0)
    .map((segment) => {
      const of = classes.find(
        ({ firstUnit, units: count }) =>
          segment.firstUnit >= firstUnit && segment.firstUnit < firstUnit + count,
      );
      const size = work.sizeOf(processMemoryMiB(of?.memoryMiB ?? 0, work.memoryMiB, work.columns));
      const count = Math.ceil(segment.units / segment.unitsPerShard);
      return { count, size, seconds: expectedSeconds((bytesPerUnit * segment.units) / count, size.vcpus) };
    });
  return { containers, units, inputs, decoded, unitBytes: work.unitBytes };
}

const countOfContainers = ({ containers }: ExpectedRun): number =>
  containers.reduce((sum, { count }) => sum + count, 0);

/** What that costs, in US dollars. */
export function expectedUsd(expected: ExpectedRun, prices: Prices, billed: Billed): number {
  const ofContainers = expected.containers.reduce(
    (sum, { count, size, seconds }) => sum + count * seconds * containerUsdPerSecond(prices, size, billed),
    0,
  );
  return roundUsd(
    ofContainers + expectedRequestsUsd(prices, { ...expected, containers: countOfContainers(expected) }),
  );
}

/** How many minutes it takes where so many containers run at once; undefined = all of them find a place. */
export function expectedMinutes(expected: ExpectedRun, maxRunning: number | undefined): number {
  const { containers } = expected;
  const shards = countOfContainers(expected);
  if (shards === 0) return 0;
  const places = Math.min(shards, maxRunning ?? shards);
  const longest = Math.max(...containers.map(({ seconds }) => seconds));
  const work = containers.reduce((sum, { count, seconds }) => sum + count * seconds, 0);
  const launching = Math.max(0, places - LAUNCH_BURST) / LAUNCHES_PER_SECOND;
  return Math.ceil((launching + Math.max(longest, work / places)) / 6) / 10;
}
