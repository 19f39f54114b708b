import type { MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { RunEvent } from '../events.ts';

/** Of one datum: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
export const MAX_VALUES = 150;

/** What came since it was last taken. */
interface Counts {
  RecordsCommitted: number;
  RecordsQuarantined: number;
  DecodedBytesCommitted: number;
  UnitsCommitted: number;
  ShardsDone: number;
  ShardsFailed: number;
}

const NOTHING: Counts = {
  RecordsCommitted: 0,
  RecordsQuarantined: 0,
  DecodedBytesCommitted: 0,
  UnitsCommitted: 0,
  ShardsDone: 0,
  ShardsFailed: 0,
};

/** Turns the events of a run into CloudWatch's metrics: few data, however many shards there are. */
export class CloudWatchMetrics {
  #counts: Counts = { ...NOTHING };
  #containers: { running: number; waiting: number } | undefined;
  #distributions: MetricDatum[] = [];

  see(event: RunEvent): void {
    const counts = this.#counts;
    switch (event.kind) {
      case 'committed':
        counts.RecordsCommitted += event.records;
        counts.RecordsQuarantined += event.quarantined;
        counts.DecodedBytesCommitted += event.decoded;
        if (event.last) counts.UnitsCommitted++;
        break;
      case 'shard-done':
        counts.ShardsDone++;
        break;
      case 'shard-failed':
        counts.ShardsFailed++;
        break;
      case 'arrays':
        this.#containers = event;
        break;
      case 'attempts':
        this.#distributions = [
          distribution('AttemptSeconds', 'Seconds', event.seconds),
          distribution('AttemptPeakMemory', 'Megabytes', event.peakMemoryMiB),
        ];
        break;
      default:
        break;
    }
  }

  /** The data since the last time, at this moment. */
  take(now: Date, dimensions: MetricDatum['Dimensions']): MetricDatum[] {
    const of = (MetricName: string, Value: number, Unit: MetricDatum['Unit']): MetricDatum => ({
      ...{ MetricName, Value, Unit },
    });
    const counts = Object.entries(this.#counts).map(([name, value]) =>
      of(name, value as number, name.startsWith('DecodedBytes') ? 'Bytes' : 'Count'),
    );
    const containers = this.#containers
      ? [
          of('ContainersRunning', this.#containers.running, 'Count'),
          of('ShardsWaiting', this.#containers.waiting, 'Count'),
        ]
      : [];
    const data = [...counts, ...containers, ...this.#distributions.filter(({ Values }) => Values?.length)];
    this.#counts = { ...NOTHING };
    this.#distributions = [];
    return data.map((datum) => ({ ...datum, Timestamp: now, Dimensions: dimensions }));
  }
}

/** Values with how often each came: neighbours are put together until they are few enough. */
function distribution(
  MetricName: string,
  Unit: MetricDatum['Unit'],
  counted: ReadonlyMap<number, number>,
): MetricDatum {
  let step = 1;
  let merged = new Map(counted);
  while (merged.size > MAX_VALUES) {
    step *= 2;
    const coarse = new Map<number, number>();
    for (const [value, count] of counted) {
      const rounded = Math.round(value / step) * step;
      coarse.set(rounded, (coarse.get(rounded) ?? 0) + count);
    }
    merged = coarse;
  }
  return { MetricName, Unit, Values: [...merged.keys()], Counts: [...merged.values()] };
}
