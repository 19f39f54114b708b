import { ConfigurationError, WinnowError } from '@winnow/core';
import { describe, expect, test } from '@jest/globals';
import { failureCode, failureLines } from '../../src/cli/failure.ts';
import type { Operations, RunStatus } from '../../src/operations/operations.ts';
import { command } from './command.ts';
import { CLEAN, REPORT } from '../report/report-facts.ts';

const split = (words: string): string[] => words.split(' ');
const RUN = 'run --source in --output out';

describe('run', () => {
  test.each([
    ['succeeded', 0],
    ['partial', 1],
    ['failed', 1],
    ['cancelled', 1],
  ] as const)('of a run that %s exits with %d', async (state, code) => {
    const outcome = await command(split(RUN), {
      run: () => Promise.resolve({ kind: 'ran', report: { ...CLEAN, state } }),
    });
    expect(outcome).toMatchObject({ code, error: undefined });
    expect(outcome.printed[0]).toContain(`Run 0000-89abcdef: ${state}, balanced`);
  });

  test('--json prints the report as one line', async () => {
    const { printed } = await command(split(`${RUN} --json`), {
      run: () => Promise.resolve({ kind: 'ran', report: REPORT }),
    });
    expect(printed).toEqual([JSON.stringify(REPORT)]);
  });

  test('says when there is nothing to do', async () => {
    const run: Operations['run'] = () =>
      Promise.resolve({ kind: 'nothing-to-do', runId: '0000-89abcdef', changed: [] });
    expect(await command(split(RUN), { run })).toMatchObject({
      code: 0,
      printed: ['nothing to do: run 0000-89abcdef has done all inputs'],
    });
    const { printed } = await command(split(`${RUN} --json`), { run });
    expect(printed).toEqual(['{"runId":"0000-89abcdef","state":"nothing-to-do","changed":[]}']);
  });

  test('hands on the spec, and shows events on stderr', async () => {
    const { told, error } = await command(split(`${RUN} --concurrency 3 --unit-bytes 1MiB`), {
      run: (spec, { onEvent, log, cwd }) => {
        expect(cwd).toBe('/here');
        expect(spec).toMatchObject({ source: 'in', output: 'out', concurrency: 3, unitBytes: 2 ** 20 });
        onEvent({ kind: 'warning', message: 'much drift' });
        log.warn('odd', { shard: 1 });
        log.info('not asked for');
        return Promise.resolve({ kind: 'ran', report: CLEAN });
      },
    });
    expect(error).toBeUndefined();
    expect(told[0]).toBe('winnow: much drift\n');
    expect(told).toHaveLength(2);
    expect(JSON.parse(told[1] ?? '')).toMatchObject({
      level: 'warn',
      message: 'odd',
      shard: 1,
      timestamp: expect.any(String),
    });
  });

  test('serves metrics while it runs, and no longer', async () => {
    const told: string[] = [];
    let url = '';
    const { error } = await command(
      split(`${RUN} --metrics-addr 0`),
      {
        run: async (_spec, { onEvent }) => {
          onEvent({ kind: 'shard-started', shard: 0 });
          onEvent({
            kind: 'committed',
            shard: 0,
            unit: 0,
            sub: 0,
            last: true,
            records: 42,
            quarantined: 1,
            decoded: 9,
          });
          [url = ''] = /http:\S+/.exec(told.join('')) ?? [];
          expect(await (await fetch(url)).text()).toContain('winnow_records_committed_total 42\n');
          return { kind: 'ran', report: CLEAN };
        },
      },
      told,
    );
    expect(error).toBeUndefined();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    await expect(fetch(url)).rejects.toThrow();
  });

  test('a failure takes the display down and comes out as it was', async () => {
    const failure = new WinnowError('disk full', { hint: 'make room' });
    const outcome = await command(split(RUN), { run: () => Promise.reject(failure) });
    expect(outcome.error).toBe(failure);
  });
});

test('--dry-run and plan show each input and the sums, and need no output', async () => {
  const plan: Operations['plan'] = async (_spec, { onInput }) => {
    await onInput({ input: 'a.ndjson', bytes: 1000, decoded: 1000, firstUnit: 0, units: 1 });
    await onInput({ input: 'b.ndjson', bytes: 3_000_000, decoded: 3_000_000, firstUnit: 1, units: 3 });
    await onInput({ input: 'c.gz', bytes: 9, decoded: 0, firstUnit: 4, units: 1, refused: 'unsupported' });
    return {
      specHash: 'f'.repeat(64),
      inputs: 3,
      refused: 1,
      units: 5,
      shards: 2,
      bytes: 3_001_009,
      decoded: 3_001_000,
      unitBytes: 2 ** 20,
      memoryMiB: 512,
      concurrency: 2,
      warnings: ['2 units need 4096 MiB'],
      columns: [{ name: 'id', type: 'text' }],
    };
  };
  const { printed, code } = await command(split('run --source in --dry-run'), { plan });
  expect(code).toBe(0);
  expect(printed.join('\n').split('\n')).toEqual([
    'read     1.00 kB  a.ndjson  (about 1.00 kB decoded, unit 0)',
    'read     3.00 MB  b.ndjson  (about 3.00 MB decoded, units 1 to 3)',
    'refuse   9 bytes  c.gz  (unsupported)',
    '',
    'inputs   3 inputs, 3.00 MB (about 3.00 MB decoded), 1 input refused',
    'units    5 units of 1 MiB in 2 shards',
    'workers  2 processes of at most 512 MiB',
    'memory   2 units need 4096 MiB',
    'columns  id text',
    'Nothing was written: leave --dry-run out to run it.',
  ]);
  const priced: Operations['plan'] = async (spec, hooks) => ({
    ...(await plan(spec, hooks)),
    container: { vcpus: 1, memoryMiB: 2048 },
    cost: {
      minutes: 3.5,
      usd: { spot: 1.2, onDemand: 2.4 },
      prices: { date: '2026-11', region: 'us-east-1', source: 's' },
    },
  });
  const shown = (await command(split('plan --source in'), { plan: priced })).printed.join('\n').split('\n');
  expect(shown.slice(6, 10)).toEqual([
    'workers  2 containers of at most 1 vCPU and 2048 MiB',
    'cost     about $1.20 on Fargate Spot, $2.40 on demand (x86, us-east-1, 2026-11)',
    '         a shard about $0.60 or $1.20',
    'time     about 3:30 min once places are to be had',
  ]);
  const json = await command(split('plan --source in --json'), { plan });
  expect(json.printed).toHaveLength(1);
  expect(JSON.parse(json.printed[0] ?? '')).toMatchObject({ inputs: 3, units: 5 });
});

describe('commands over a run', () => {
  const STATUS: RunStatus = {
    runId: '0000-89abcdef',
    state: 'unfinished',
    units: { total: 4, committed: 2 },
    records: { read: 10, written: 9, filtered: 0, quarantined: 1 },
    bytes: { planned: 100, read: 50, refused: 0, written: 2000 },
    submissions: 2,
  };

  test.each([
    ['status out', { output: 'out' }],
    ['status out/', { output: 'out' }],
    ['status --output out', { output: 'out' }],
    ['status out --run 0000-a', { output: 'out', runId: '0000-a' }],
    ['status out/_winnow/0000-a', { output: 'out', runId: '0000-a' }],
    ['status /_winnow/0000-a', { output: '/', runId: '0000-a' }],
    ['status _winnow/0000-a/', { output: '.', runId: '0000-a' }],
    ['status /', { output: '/' }],
  ])('%s is about %j', async (words, reference) => {
    const { error, printed } = await command(split(words), {
      status: (run) => {
        expect(run).toEqual(reference);
        return Promise.resolve(STATUS);
      },
    });
    expect(error).toBeUndefined();
    expect(printed.join('\n').split('\n')).toEqual([
      'run 0000-89abcdef: unfinished',
      '  units    2 of 4 committed',
      '  records  10 read = 9 written + 0 filtered + 1 quarantined',
      '  bytes    50 bytes read and 0 bytes refused of 100 bytes, 2.00 kB written',
      '  started  2 times',
    ]);
  });

  test.each([
    ['report', { report: () => Promise.resolve(REPORT) }, 0],
    ['watch', { watch: () => Promise.resolve(REPORT) }, 1],
    ['watch', { watch: () => Promise.resolve(CLEAN) }, 0],
  ] as const)('%s prints a report', async (name, operations, code) => {
    const outcome = await command(split(`${name} out`), operations);
    expect(outcome.code).toBe(code);
    expect(outcome.printed[0]).toContain('Run 0000-89abcdef: ');
    expect((await command(split(`${name} out --json`), operations)).printed[0]).toContain(
      '{"runId":"0000-89abcdef"',
    );
  });

  test.each([
    [[], 0, ['run r is whole: 2 receipts, 2 parts, 10 rows, 3.00 kB checked']],
    [
      ['part-x has other bytes'],
      1,
      ['run r has 1 problem (2 receipts, 2 parts, 10 rows, 3.00 kB checked)', '  part-x has other bytes'],
    ],
  ])('verify with problems %j exits with %d', async (problems, code, lines) => {
    const verify: Operations['verify'] = () =>
      Promise.resolve({ runId: 'r', receipts: 2, parts: 2, rows: 10, bytes: 3000, problems });
    const outcome = await command(split('verify out'), { verify });
    expect(outcome.code).toBe(code);
    expect(outcome.printed.join('\n').split('\n')).toEqual(lines);
  });
});

describe('a failure', () => {
  test.each<[string, unknown, boolean, string[], number]>([
    [
      'of configuration',
      new ConfigurationError('x is wrong', { hint: 'mend it' }),
      false,
      ['winnow: x is wrong: mend it'],
      2,
    ],
    ['on the way', new WinnowError('x is gone'), false, ['winnow: x is gone'], 1],
    ['that has lines', new WinnowError('a\n  b'), false, ['winnow: a b'], 1],
    [
      'nobody foresaw',
      new TypeError('x is no function'),
      false,
      ['winnow: x is no function: --log-level debug shows where this comes from'],
      1,
    ],
    ['that is no error', 'odd', false, ['winnow: odd: --log-level debug shows where this comes from'], 1],
  ])('%s is one line', (_what, error, debug, lines, code) => {
    expect(failureLines(error, debug)).toEqual(lines);
    expect(failureCode(error)).toBe(code);
  });

  test('tells its causes for debug', () => {
    const lines = failureLines(new WinnowError('a', { cause: new Error('the cause') }), true);
    expect(lines[0]).toBe('winnow: a');
    expect(lines).toContain('Error: the cause');
  });
});
