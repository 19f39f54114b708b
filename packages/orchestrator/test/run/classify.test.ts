import { expect, test } from '@jest/globals';
import type { Attempt } from '@winnow/core';
import { classify } from '../../src/run/classify.ts';

const record = (facts: Partial<Attempt>): Attempt => ({
  shard: 0,
  submission: 0,
  attempt: 'a',
  state: 'running',
  host: 'h',
  pid: 1,
  startedAt: '',
  updatedAt: '',
  cpuSeconds: 0,
  peakMemoryMiB: 0,
  memoryMiB: 512,
  committed: { subUnits: 0, records: 0, decoded: 0 },
  ...facts,
});

test.each<[string, Attempt | undefined, number | null, object]>([
  ['the record names the cause', record({ state: 'failed', cause: 'bug' }), 75, { cause: 'bug' }],
  [
    'out of memory with a wish',
    record({ state: 'failed', cause: 'out-of-memory', neededMiB: 4096 }),
    137,
    { cause: 'out-of-memory', neededMiB: 4096 },
  ],
  ['interrupted', record({ state: 'interrupted', cause: 'interrupted' }), 75, { cause: 'interrupted' }],
  ['it says committed, but receipts are missing', record({ state: 'committed' }), 0, { cause: 'no-receipt' }],
  ['exit 0 without any record', undefined, 0, { cause: 'no-receipt' }],
  ['exit 65 without all receipts', undefined, 65, { cause: 'no-receipt' }],
  ['killed: the record stays running', record({}), null, { cause: 'killed' }],
  ['killed by the system, as the exit code tells', record({}), 137, { cause: 'killed' }],
  ['it never started', undefined, null, { cause: 'killed' }],
  ['ended before its record', undefined, 78, { cause: 'configuration' }],
  ['transient without a record', undefined, 75, { cause: 'transient' }],
  ['interrupted without time to say so', record({}), 75, { cause: 'interrupted' }],
  ['asked to end before it had begun, as the exit code tells', undefined, 143, { cause: 'interrupted' }],
  ['asked to end from a terminal, as the exit code tells', record({}), 130, { cause: 'interrupted' }],
  ['aborted, as the exit code tells', record({}), 134, { cause: 'out-of-memory' }],
])('%s', (_title, attempt, exitCode, expected) => {
  const failed = classify(attempt, { exitCode, signal: null, message: '' }, 512);
  expect(failed).toMatchObject({ memoryMiB: 512, ...expected });
});

test.each([
  ['SIGABRT', 'out-of-memory'],
  ['SIGTERM', 'interrupted'],
  ['SIGINT', 'interrupted'],
  ['SIGKILL', 'killed'],
  ['SIGSEGV', 'killed'],
])('%s without an ending in the record is %s', (signal, cause) => {
  expect(classify(record({}), { exitCode: null, signal, message: '' }, 512)).toMatchObject({ cause });
});

test('a record that names its cause is believed, whatever the signal', () => {
  const ended = record({ state: 'failed', cause: 'transient' });
  expect(classify(ended, { exitCode: null, signal: 'SIGABRT', message: '' }, 512).cause).toBe('transient');
});
