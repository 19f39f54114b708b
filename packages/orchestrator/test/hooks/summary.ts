import { setTimeout as sleep } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import type { Report } from '@winnow/core';
import type { HookCall } from '../../src/hooks/hook-call.ts';
import { runSummary } from '../../src/hooks/run-summary.ts';

const refusal = (n: number): Report['inputs']['refused'][number] => ({
  ...{ input: `in/${n}.gz`, reason: 'truncated', detail: 'cut', offset: 0, bytes: n },
});

export const REPORT: Report = {
  runId: '0003-89abcdef',
  state: 'partial',
  balanced: true,
  records: { read: 10, written: 9, filtered: 0, quarantined: 1 },
  skipped: { blank: 0, bom: 0, header: 0 },
  inputs: { total: 30, done: 18, refused: Array.from({ length: 12 }, (_, n) => refusal(n)) },
  bytes: { planned: 100, read: 90, refused: 10, decoded: 200, written: 50 },
  units: { total: 2, committed: 2 },
  shards: { total: 1, failed: 0 },
  attempts: { total: 1, interrupted: 0, failed: 0 },
  parts: [],
  drift: [],
  quarantine: [{ reason: 'invalid-json', records: 1 }],
  metrics: {},
  cost: { estimated: null, actual: null, currency: 'USD', items: [] },
  time: { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:00:01.000Z', seconds: 1 },
  problems: Array.from({ length: 25 }, (_, n) => `${n} ${'x'.repeat(2000)}`),
};

export const SUMMARY = runSummary(REPORT, 's3://lake/out');

/** A call whose secrets stand in a table, and whose waits take no time. */
export const callOf = (
  secrets: Readonly<Record<string, string>> = {},
  more: Partial<HookCall> = {},
): HookCall => ({
  summary: SUMMARY,
  environment: {
    PATH: process.env['PATH'],
    ...Object.fromEntries(
      Object.keys(secrets).map((name) => [
        `WINNOW_SECRET_${name}`,
        `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}`,
      ]),
    ),
  },
  getSecret: (arn) => Promise.resolve(secrets[arn.split(':').at(-1) ?? ''] ?? ''),
  waiting: { random: () => 0, sleep: (ms) => sleep(ms) },
  cwd: tmpdir(),
  signal: new AbortController().signal,
  ...more,
});
