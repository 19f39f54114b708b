import { ConfigurationError } from '@winnow/core';
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry, collectDefaultMetrics } from 'prom-client';
import type { RunEvent } from '../events.ts';
import { parseAddress } from './address.ts';
import { createRunMetrics } from './run-metrics.ts';

/** Metrics of a run while it goes on, for Prometheus to fetch. */
export interface MetricsServer {
  readonly url: string;
  onEvent(event: RunEvent): void;
  /** Ends open connections too. */
  close(): Promise<void>;
}

/** Serves `/metrics` at an address as `--metrics-addr` takes it. @throws ConfigurationError where it cannot listen there */
export async function startMetrics(address: string): Promise<MetricsServer> {
  const { host, port } = parseAddress(address);
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const onEvent = createRunMetrics(registry);
  const server = createServer((request, response) => {
    if (request.method === 'GET' && request.url === '/metrics') void answer(registry, response);
    else response.writeHead(404).end('the metrics are at /metrics\n');
  });
  await listen(server, host, port, address);
  const { address: at, port: taken, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${at}]` : at}:${taken}/metrics`,
    onEvent,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(registry: Registry, response: ServerResponse): Promise<void> {
  try {
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  } catch (error) {
    response.writeHead(500).end(`${(error as Error).message}\n`);
  }
}

async function listen(server: Server, host: string, port: number, address: string): Promise<void> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw new ConfigurationError(
      `--metrics-addr ${address} cannot be listened on (${(cause as Error).message})`,
      {
        cause,
        hint: 'give another port, or 0 for any that is free',
      },
    );
  }
}
