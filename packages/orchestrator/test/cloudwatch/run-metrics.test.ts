import { describe, expect, test } from '@jest/globals';
import { CloudWatchMetrics, MAX_VALUES } from '../../src/cloudwatch/run-metrics.ts';
import type { RunEvent } from '../../src/events.ts';

const NOW = new Date('2026-01-01T00:00:00Z');
const RUN = [{ Name: 'Run', Value: '0000-abababab' }];
const committed: Extract<RunEvent, { kind: 'committed' }> = {
  ...{ kind: 'committed', shard: 0, unit: 0, sub: 0, last: true },
  ...{ records: 7, quarantined: 2, decoded: 100 },
};

const taken = (metrics: CloudWatchMetrics): Record<string, number | undefined> =>
  Object.fromEntries(metrics.take(NOW, RUN).map(({ MetricName = '', Value }) => [MetricName, Value]));

describe('the metrics of a run', () => {
  test('are what came since they were last taken', () => {
    const metrics = new CloudWatchMetrics();
    metrics.see(committed);
    metrics.see({ ...committed, last: false });
    metrics.see({ kind: 'shard-done', shard: 0 });
    metrics.see({ kind: 'shard-failed', shard: 1, cause: 'killed', message: '', again: true });
    expect(taken(metrics)).toEqual({
      RecordsCommitted: 14,
      RecordsQuarantined: 4,
      DecodedBytesCommitted: 200,
      UnitsCommitted: 1,
      ShardsDone: 1,
      ShardsFailed: 1,
    });
    expect(Object.values(taken(metrics))).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('tell of the containers as they are now', () => {
    const metrics = new CloudWatchMetrics();
    const arrays = { arrays: 1, succeeded: 0, failed: 0, decoded: 0 };
    metrics.see({ kind: 'arrays', ...arrays, waiting: 5, running: 1 });
    metrics.see({ kind: 'arrays', ...arrays, waiting: 2, running: 4 });
    for (let n = 0; n < 2; n++)
      expect(taken(metrics)).toMatchObject({ ContainersRunning: 4, ShardsWaiting: 2 });
  });

  test('each have the moment, the run and a unit', () => {
    const metrics = new CloudWatchMetrics();
    metrics.see(committed);
    for (const datum of metrics.take(NOW, RUN))
      expect(datum).toMatchObject({ Timestamp: NOW, Dimensions: RUN, Unit: expect.any(String) as unknown });
  });

  test.each([
    ['few values', 3, 3],
    ['as many as a datum holds', MAX_VALUES, MAX_VALUES],
    ['more: neighbours are put together', 1000, 126],
  ])('of attempts are distributions: %s', (_, values, kept) => {
    const metrics = new CloudWatchMetrics();
    const counted = new Map(Array.from({ length: values }, (_, n) => [n, 2]));
    metrics.see({ kind: 'attempts', seconds: counted, peakMemoryMiB: new Map([[512, 9]]) });
    const data = metrics.take(NOW, RUN).filter(({ Values }) => Values);
    expect(data.map(({ MetricName }) => MetricName)).toEqual(['AttemptSeconds', 'AttemptPeakMemory']);
    const [seconds, memory] = data;
    expect(seconds?.Values).toHaveLength(kept);
    expect(seconds?.Counts?.reduce((sum, count) => sum + count, 0)).toBe(2 * values);
    expect(memory).toMatchObject({ Values: [512], Counts: [9], Unit: 'Megabytes' });
    expect(metrics.take(NOW, RUN).some(({ Values }) => Values)).toBe(false);
  });

  test('of a run without attempts have no empty distributions', () => {
    const metrics = new CloudWatchMetrics();
    metrics.see({ kind: 'attempts', seconds: new Map(), peakMemoryMiB: new Map() });
    expect(metrics.take(NOW, RUN)).toHaveLength(6);
  });
});
