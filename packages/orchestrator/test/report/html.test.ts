import type { Report } from '@winnow/core';
import { expect, test } from '@jest/globals';
import { reportPage } from '../../src/report/html.ts';
import { CLEAN, REPORT } from './report-facts.ts';

test('the page shows every list and escapes what it shows', () => {
  const page = reportPage(REPORT);
  for (const shown of [
    'a&lt;b&gt;.gz',
    'ends &quot;early&quot; &amp; soon',
    'not-an-object',
    'created_utc',
    '1,234,560',
    'a'.repeat(64),
    '1,391 of 2,048 MiB',
  ])
    expect(page).toContain(shown);
  expect(page).not.toContain('a<b>.gz');
});

test('nothing from a report becomes markup', () => {
  const evil = `"><img src=x onerror='alert(1)'>`;
  const page = reportPage({
    ...REPORT,
    runId: evil,
    problems: [evil],
    quarantine: [{ reason: evil, records: 1 }],
    drift: [{ key: evil, types: [evil], records: 1, policy: 'rest' }],
    time: { ...REPORT.time, startedAt: evil },
  });
  expect(page).not.toContain('<img');
});

test('the page needs nothing but itself', () => {
  expect(reportPage(REPORT)).not.toMatch(/<script|<link|src=|href=|@import|url\(/);
});

test('its tags are closed in order', () => {
  for (const report of [REPORT, CLEAN]) {
    const open: string[] = [];
    for (const [, slash, name = ''] of reportPage(report).matchAll(/<(\/?)([a-z0-9]+)[^>]*>/g)) {
      if (name === 'meta') continue;
      if (slash === '') open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  }
});

test('what did not happen has no table', () => {
  const page = reportPage(CLEAN);
  for (const title of ['Problems', 'Refused inputs', 'Quarantined</h2>', 'Drift', 'Skipped'])
    expect(page).not.toContain(title);
});

test('what a run cost stands in the page, and nothing where nothing was billed', () => {
  const cost: Report['cost'] = {
    ...{ estimated: 2, actual: 1.25, currency: 'USD', onDemand: 2.5 },
    items: [{ name: 'Fargate Spot x86, vCPU', quantity: 7200, unit: 'vCPU-seconds', usd: 1.25 }],
    shards: [{ shard: 4711, attempts: 3, usd: 0.75 }],
    prices: { date: '2026-11', region: 'us<east>', source: 's' },
  };
  const page = reportPage({ ...REPORT, cost });
  for (const shown of [
    '<h2>Cost</h2><p>$1.25 by prices of us&lt;east&gt;, 2026-11; Spot saved $1.25 of $2.50 on demand; $2.00 estimated before</p>',
    '<td>Fargate Spot x86, vCPU</td><td>7200</td><td>vCPU-seconds</td><td>$1.25</td>',
    '<td class="n">4,711</td><td class="n">3</td><td>$0.75</td>',
  ])
    expect(page).toContain(shown);
  expect(reportPage(REPORT)).not.toContain('<h2>Cost</h2>');
});
