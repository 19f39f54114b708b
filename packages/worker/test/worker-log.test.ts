import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { workerEvent, type WorkerEvent } from '@winnow/core';
import { workerLog } from '../src/worker-log.ts';

test.each<WorkerEvent>([
  { event: 'shard-started', shard: 1 },
  { event: 'progress', shard: 1, records: 2, decoded: 3, memoryBytes: 4 },
  { event: 'memory-high', shard: 1, unit: 2, percent: 80, memoryMiB: 410, limitMiB: 512 },
  { event: 'shard-ended', shard: 1, exitCode: 70, message: 'why' },
  { event: 'log', level: 'warn', message: 'input a is refused' },
])('writes %j as a line that reads back as the same', (event) => {
  const stream = new PassThrough();
  workerLog(stream)(event);
  const line = String(stream.read());
  expect(line.endsWith('\n')).toBe(true);
  const written = JSON.parse(line) as Record<string, unknown>;
  expect(workerEvent.parse(written)).toEqual(event);
  expect(written).toMatchObject({ level: ['log', 'memory-high'].includes(event.event) ? 'warn' : 'info' });
  expect(new Date(String(written['timestamp'])).getFullYear()).toBeGreaterThan(2024);
});
