import { expect, test } from '@jest/globals';
import type { RunCost } from '@winnow/core';
import { costLines } from '../../src/cost/cost-text.ts';
import { usdText } from '../../src/cost/usd.ts';

const NOTHING: RunCost = { estimated: null, actual: null, currency: 'USD', items: [] };
const ITEMS: RunCost['items'] = [
  { name: 'Fargate Spot x86, vCPU', quantity: 7200, unit: 'vCPU-seconds', usd: 0.04 },
  { name: 'Fargate Spot x86, memory', quantity: 14400, unit: 'GB-seconds', usd: 0.009 },
];
const REST: RunCost['items'] = [
  { name: 'S3 PUT', quantity: 1200, unit: 'requests', usd: 0.006 },
  { name: 'S3 GET', quantity: 5000, unit: 'requests', usd: 0.002 },
  { name: 'logs', quantity: 0.05, unit: 'GB', usd: 0.025 },
];
const prices = { date: '2026-11', region: 'us-east-1', source: 's' };

test.each<[string, RunCost, string[]]>([
  ['nothing', NOTHING, []],
  [
    'processes of a machine',
    { ...NOTHING, items: [{ name: 'CPU time of processes', quantity: 9, unit: 'vCPU-seconds', usd: null }] },
    [],
  ],
  [
    'Spot',
    {
      ...{ ...NOTHING, items: [...ITEMS, ...REST], actual: 1.25, estimated: 2, onDemand: 2.5, prices },
      shards: [{ shard: 7, attempts: 3, usd: 0.6 }],
    },
    [
      '$1.25 by prices of us-east-1, 2026-11; Spot saved $1.25 of $2.50 on demand; $2.00 estimated before',
      '7,200 vCPU-seconds and 14,400 GB-seconds $0.049, 6,200 S3 requests of workers $0.008, about 50.0 MB of logs $0.025',
      'dearest shards 7 ($0.60, 3 attempts)',
    ],
  ],
  [
    'on demand: nothing is saved',
    { ...NOTHING, items: ITEMS, actual: 2.5, onDemand: 2.5, prices, shards: [] },
    ['$2.50 by prices of us-east-1, 2026-11', '7,200 vCPU-seconds and 14,400 GB-seconds $0.049'],
  ],
  [
    'machines of EC2',
    { ...NOTHING, items: ITEMS.map((item) => ({ ...item, usd: null })) },
    [
      'not known: 7,200 vCPU-seconds and 14,400 GB-seconds, of them on EC2, which bills machines and not containers',
    ],
  ],
])('the lines of %s', (_what, cost, lines) => {
  expect(costLines(cost)).toEqual(lines);
});

test.each([
  [0, '$0.00'],
  [0.00001, '<$0.0001'],
  [0.00123, '$0.0012'],
  [0.0456, '$0.046'],
  [0.1, '$0.10'],
  [12.345, '$12.35'],
  [1234.5, '$1234.50'],
])('%d dollars are %s', (usd, text) => {
  expect(usdText(usd)).toBe(text);
});
