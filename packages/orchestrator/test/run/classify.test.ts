import { describe, expect, test } from '@jest/globals';
import type { Attempt } from '@winnow/core';
import type { FailureCause } from '../../src/failure-cause.ts';
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

describe('the table of the exit codes, row by row', () => {
  const committed = record({ state: 'committed', exitCode: 0 });
  const overLimit = record({ state: 'committed', cause: 'refused', exitCode: 65 });
  const RUNNING_OR_NONE = [record({}), undefined];
  const rows: [string, readonly (Attempt | undefined)[], readonly (number | null)[], FailureCause][] = [
    ['committed, or none: 0 and 65', [committed, overLimit, undefined], [0, 65], 'no-receipt'],
    ['running: 0 and 65', [record({})], [0, 65], 'no-receipt'],
    ['running, or none: 70', RUNNING_OR_NONE, [70], 'bug'],
    ['running: 75', [record({})], [75], 'interrupted'],
    ['none: 75', [undefined], [75], 'transient'],
    ['running, or none: 76', RUNNING_OR_NONE, [76], 'cancelled'],
    ['running, or none: 78', RUNNING_OR_NONE, [78], 'configuration'],
    ['running, or none: abort', RUNNING_OR_NONE, [134], 'out-of-memory'],
    ['running, or none: stop', RUNNING_OR_NONE, [130, 143], 'interrupted'],
    // 137 is any SIGKILL: that memory was short only a record or the service can say.
    ['running, or none: any other', RUNNING_OR_NONE, [1, 2, 64, 77, 137, 139, null], 'killed'],
  ];
  test.each(
    rows.flatMap(([title, records, codes, cause]) =>
      records.flatMap((one) =>
        codes.map((code) => [title, one?.state ?? 'no record', code, one, cause] as const),
      ),
    ),
  )('%s (%s, %p)', (_title, _state, exitCode, one, cause) => {
    expect(classify(one, { exitCode, signal: null, message: '' }, 512).cause).toBe(cause);
  });
});

describe('whom to believe', () => {
  const NAMED = [
    ...(['interrupted', 'transient', 'out-of-memory', 'bug', 'conflict'] as const),
    ...(['configuration', 'cancelled'] as const),
  ];
  const ENDS = [0, 65, 70, 75, 76, 78, 130, 134, 137, 143].map((exitCode) => ({ exitCode, signal: null }));
  const SIGNALS = ['SIGKILL', 'SIGABRT', 'SIGTERM'].map((signal) => ({ exitCode: null, signal }));

  test.each(NAMED)('a record that names %s is believed, whatever the exit code or signal', (cause) => {
    for (const end of [...ENDS, ...SIGNALS])
      expect(classify(record({ state: 'failed', cause }), { ...end, message: '' }, 512).cause).toBe(cause);
  });

  test.each<FailureCause>(['reclaimed', 'out-of-memory', 'timed-out', 'not-started', 'image'])(
    'the service that says %s is believed before the record and the exit code',
    (said) => {
      for (const end of [...ENDS, ...SIGNALS])
        for (const one of [record({ state: 'interrupted', cause: 'interrupted' }), record({}), undefined])
          expect(classify(one, { ...end, message: '', said }, 512).cause).toBe(said);
    },
  );
});
