import { ConfigurationError } from '@winnow/core';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { RunEvent } from '../../src/events.ts';
import { parseAddress } from '../../src/metrics/address.ts';
import { startMetrics, type MetricsServer } from '../../src/metrics/server.ts';

describe('an address', () => {
  test.each([
    ['9464', '127.0.0.1', 9464],
    [':9464', '127.0.0.1', 9464],
    ['0', '127.0.0.1', 0],
    ['0.0.0.0:9464', '0.0.0.0', 9464],
    ['localhost:80', 'localhost', 80],
    ['[::1]:9464', '::1', 9464],
  ])('%s is host %s and port %d', (text, host, port) => {
    expect(parseAddress(text)).toEqual({ host, port });
  });

  test.each(['', 'x', 'localhost', 'localhost:', '65536', '::1:9464', '[x]:1', '1:2:3', '-1'])(
    '%j is none',
    (text) => {
      expect(() => parseAddress(text)).toThrow(ConfigurationError);
    },
  );
});

describe('metrics', () => {
  let server: MetricsServer;
  beforeEach(async () => {
    server = await startMetrics('0');
  });
  afterEach(() => server.close());

  const value = async (name: string): Promise<string | undefined> => {
    const text = await (await fetch(server.url)).text();
    return text.split('\n').find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
  };

  const progress = (shard: number, memoryBytes: number): RunEvent => ({
    ...{ kind: 'progress', shard, records: 99, decodedBytes: 999 },
    ...{ memoryBytes, memoryLimitBytes: 9000 },
  });

  test('tell what happens in a run', async () => {
    const events: RunEvent[] = [
      {
        kind: 'planned',
        runId: '0000-89abcdef',
        directory: '/out/_winnow/0000-89abcdef',
        units: 4,
        shards: 2,
        inputs: 3,
        bytes: 10,
        decoded: 1000,
        already: { units: 1, records: 5, decoded: 100 },
      },
      { kind: 'shard-started', shard: 0 },
      { kind: 'shard-started', shard: 1 },
      progress(0, 5000),
      progress(1, 7000),
      { kind: 'committed', shard: 0, unit: 1, sub: 0, last: false, records: 7, quarantined: 2, decoded: 70 },
      { kind: 'committed', shard: 0, unit: 1, sub: 1, last: true, records: 3, quarantined: 0, decoded: 30 },
      { kind: 'shard-done', shard: 0 },
      { kind: 'shard-failed', shard: 1, cause: 'out-of-memory', message: 'killed', again: true },
      { kind: 'shard-started', shard: 1 },
      progress(1, 3000),
    ];
    events.forEach((event) => server.onEvent(event));
    const lines = [
      'winnow_records_committed_total 10',
      'winnow_records_quarantined_total 2',
      'winnow_decoded_bytes_committed_total 100',
      'winnow_units_committed_total 1',
      'winnow_units_planned 4',
      'winnow_units_committed_before 1',
      'winnow_decoded_bytes_planned 1000',
      'winnow_shards_running 1',
      'winnow_shard_failures_total{cause="out-of-memory"} 1',
      // Of the shards being done: not of shard 0.
      'winnow_worker_memory_bytes{shard="1"} 3000',
      'winnow_worker_memory_limit_bytes{shard="1"} 9000',
      'winnow_worker_memory_peak_bytes 7000',
    ];
    for (const line of lines) expect(await value(line.split(/[ {]/)[0] ?? '')).toBe(line);
  });

  test('tell of the process too, in the format that Prometheus asks for', async () => {
    const response = await fetch(server.url);
    expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
    expect(await response.text()).toContain('process_resident_memory_bytes');
  });

  test.each(['/', '/metrics/x'])('are not at %s', async (path) => {
    expect((await fetch(new URL(path, server.url))).status).toBe(404);
  });

  test('of two servers are apart', async () => {
    const other = await startMetrics('0');
    other.onEvent({ kind: 'shard-started', shard: 0 });
    expect(await value('winnow_shards_running')).toBe('winnow_shards_running 0');
    await other.close();
  });

  test('an address that is taken is told', async () => {
    const { port } = new URL(server.url);
    await expect(startMetrics(port)).rejects.toThrow(`--metrics-addr ${port} cannot be listened on`);
  });
});

test('closing ends a connection that is held open', async () => {
  const server = await startMetrics('0');
  const socket: Socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  await server.close();
  await closed;
  await expect(fetch(server.url)).rejects.toThrow();
});
