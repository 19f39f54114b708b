import type { Report } from '@winnow/core';

/** A report in which something of everything happened. */
export const REPORT: Report = {
  runId: '0000-89abcdef',
  state: 'partial',
  balanced: true,
  records: { read: 1_234_567, written: 1_234_560, filtered: 0, quarantined: 7 },
  skipped: { blank: 12, bom: 1, header: 0 },
  inputs: {
    total: 12,
    done: 11,
    refused: [
      { input: 'a<b>.gz', reason: 'truncated', offset: 100, bytes: 1, detail: 'ends "early" & soon' },
    ],
  },
  bytes: { planned: 2000, read: 1999, refused: 1, decoded: 5_000_000_000, written: 1_500_000 },
  units: { total: 3, committed: 3 },
  shards: { total: 2, failed: 0 },
  attempts: { total: 3, interrupted: 1, failed: 0 },
  memory: { peakMiB: 1391, limitMiB: 2048 },
  parts: [
    {
      uri: '/out/part-0000-89abcdef-000000-0000.parquet',
      unit: 0,
      sub: 0,
      rows: 1,
      bytes: 1_500_000,
      sha256: 'a'.repeat(64),
    },
  ],
  drift: [{ key: 'created_utc', types: ['string'], records: 5, policy: 'rest' }],
  quarantine: [
    { reason: 'not-an-object', records: 5 },
    { reason: 'bad-utf8', records: 2 },
  ],
  metrics: {},
  cost: { estimated: null, actual: null, currency: 'USD', items: [] },
  time: { startedAt: '2026-01-01T00:00:00.000Z', endedAt: '2026-01-01T00:01:40.000Z', seconds: 100 },
  problems: ['7 records were quarantined, more than the 0 of --max-quarantined'],
};

/** A report of a run in which nothing was the matter. */
export const CLEAN: Report = {
  ...REPORT,
  state: 'succeeded',
  records: { read: 1, written: 1, filtered: 0, quarantined: 0 },
  skipped: { blank: 0, bom: 0, header: 0 },
  inputs: { total: 1, done: 1, refused: [] },
  bytes: { planned: 20, read: 20, refused: 0, decoded: 20, written: 900 },
  attempts: { total: 2, interrupted: 0, failed: 0 },
  drift: [],
  quarantine: [],
  problems: [],
};
