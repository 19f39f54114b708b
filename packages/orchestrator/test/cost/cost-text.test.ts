import { expect, test } from '@jest/globals';
import type { RunCost } from '@winnow/core';
import { costLines } from '../../src/cost/cost-text.ts';
import { usdText } from '../../src/cost/usd.ts';

const NOTHING: RunCost = { estimated: null, actual: null, currency: 'USD', items: [] };
const ITEMS: RunCost['items'] = [
  { name: 'Fargate Spot x86, vCPU', quantity: 7200, unit: 'vCPU-seconds', usd: 0.04 },
  { name: 'Fargate Spot x86, memory', quantity: 14400, unit: 'GB-seconds', usd: 0.009 },
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
      ...{ ...NOTHING, items: ITEMS, actual: 1.25, estimated: 2, onDemand: 2.5, prices },
      shards: [{ shard: 7, attempts: 3, usd: 0.6 }],
    },
    [
      '$1.25, $2.50 on demand, $2.00 estimated before (us-east-1, 2026-11): 7,200 vCPU-seconds and 14,400 GB-seconds',
      'dearest shards 7 ($0.60, 3 attempts)',
    ],
  ],
  [
    'on demand: nothing is saved',
    { ...NOTHING, items: ITEMS, actual: 2.5, onDemand: 2.5, prices, shards: [] },
    ['$2.50 (us-east-1, 2026-11): 7,200 vCPU-seconds and 14,400 GB-seconds'],
  ],
  [
    'machines of EC2',
    { ...NOTHING, items: ITEMS.map((item) => ({ ...item, usd: null })) },
    ['7,200 vCPU-seconds and 14,400 GB-seconds on EC2, whose machines are billed'],
  ],
])('the lines of %s', (_what, cost, lines) => {
  expect(costLines(cost)).toEqual(lines);
});

test.each([
  [0, '$0.00'],
  [0.00001, '$0.0001'],
  [0.00123, '$0.0012'],
  [0.0456, '$0.046'],
  [0.1, '$0.10'],
  [12.345, '$12.35'],
  [1234.5, '$1234.50'],
])('%d dollars are %s', (usd, text) => {
  expect(usdText(usd)).toBe(text);
});
