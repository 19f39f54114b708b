import type { Edge } from '../config/edge.ts';
import type { MetricsPublisher } from '../cloudwatch/publisher.ts';
import { createLog } from '../log.ts';
import type { MetricsServer } from '../metrics/server.ts';
import type { CliContext } from './context.ts';
import type { Hooks } from '../operations/operations.ts';
import { createDisplay } from './progress/display.ts';

/** Runs `work` with progress, log and metrics around it; takes all of them down again, also when it fails. */
export async function withObservers<T>(
  context: CliContext,
  edge: Pick<Edge, 'logLevel' | 'metricsAddr' | 'cloudwatchNamespace'>,
  work: (hooks: Hooks) => Promise<T>,
): Promise<T> {
  const metrics = edge.metricsAddr === undefined ? undefined : await metricsAt(edge.metricsAddr);
  const published =
    edge.cloudwatchNamespace === undefined ? undefined : await publishedTo(edge.cloudwatchNamespace, context);
  const display = createDisplay(context.screen);
  const log = createLog(edge.logLevel, (line) => display.note(line));
  if (metrics !== undefined) display.note(`winnow: metrics at ${metrics.url}`);
  try {
    return await work({
      cwd: context.cwd,
      signal: context.signal,
      log,
      onEvent(event) {
        display.onEvent(event);
        metrics?.onEvent(event);
        published?.onEvent(event);
      },
    });
  } finally {
    log.close();
    display.close();
    await metrics?.close();
    await published?.close();
  }
}

async function publishedTo(namespace: string, { screen }: CliContext): Promise<MetricsPublisher> {
  const { publishMetrics } = await import('../cloudwatch/publisher.ts');
  return publishMetrics(namespace, (message) => screen.write(`winnow: ${message}\n`));
}

/** Loaded where it is asked for: an HTTP server and the Prometheus client are a sixth of what the command takes to start. */
async function metricsAt(address: string): Promise<MetricsServer> {
  const { startMetrics } = await import('../metrics/server.ts');
  return startMetrics(address);
}
