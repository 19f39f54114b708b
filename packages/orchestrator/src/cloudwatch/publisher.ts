import { CloudWatchClient, PutMetricDataCommand, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import type { RunEvent } from '../events.ts';
import { CloudWatchMetrics } from './run-metrics.ts';

/** How often metrics are sent: CloudWatch keeps a minute's. */
const SEND_EVERY_MS = 60_000;

/** Sends the metrics of one run to CloudWatch while it goes on. */
export interface MetricsPublisher {
  onEvent(event: RunEvent): void;
  /** Sends what is left. */
  close(): Promise<void>;
}

/** @param onFailure told once of a call that failed: metrics are no reason to end a run */
export function publishMetrics(namespace: string, onFailure: (message: string) => void): MetricsPublisher {
  const client = new CloudWatchClient({ maxAttempts: 5 });
  const metrics = new CloudWatchMetrics();
  let runId: string | undefined;
  let sending: Promise<void> = Promise.resolve();
  let hasFailed = false;
  const put = async (MetricData: MetricDatum[]): Promise<void> => {
    try {
      await client.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
    } catch (error) {
      if (!hasFailed) onFailure(`CloudWatch metrics: ${(error as Error).message}`);
      hasFailed = true;
    }
  };
  const send = (): void => {
    if (runId === undefined) return;
    const data = metrics.take(new Date(), [{ Name: 'Run', Value: runId }]);
    sending = sending.then(() => put(data));
  };
  const timer = setInterval(send, SEND_EVERY_MS);
  timer.unref();
  return {
    onEvent(event) {
      if (event.kind === 'planned') runId = event.runId;
      metrics.see(event);
    },
    async close() {
      clearInterval(timer);
      send();
      await sending;
      client.destroy();
    },
  };
}
