import { expect, test } from '@jest/globals';
import {
  expectedRequests,
  expectedRequestsUsd,
  type ContainersWork,
} from '../../src/cost/expected-requests.ts';
import { US_EAST_1 } from '../../src/cost/us-east-1.ts';

const GIB = 2 ** 30;
const work = (more: Partial<ContainersWork>): ContainersWork => ({
  ...{ containers: 0, units: 0, inputs: 0, decoded: 0, unitBytes: GIB },
  ...more,
});

test.each<[string, Partial<ContainersWork>, { writes: number; reads: number }]>([
  ['nothing', {}, { writes: 0, reads: 0 }],
  ['two starts', { containers: 2 }, { writes: 8, reads: 32 }],
  ['a hundred units', { units: 100 }, { writes: 300, reads: 300 }],
  ['a thousand inputs', { inputs: 1000 }, { writes: 0, reads: 2000 }],
  ['a gibibyte in a unit, which goes up in pieces', { units: 1, decoded: GIB }, { writes: 35, reads: 3 }],
  [
    'a unit that cannot be cut and commits ten times',
    { units: 1, decoded: 10 * GIB },
    { writes: 30 + 320, reads: 30 },
  ],
])('the requests of %s', (_what, more, requests) => {
  expect(expectedRequests(work(more))).toEqual(requests);
});

test('each kind has its price, and each container its logs', () => {
  // 4 + 3 000 writes, 16 + 3 000 + 2 reads, 5 kB
  const usd = expectedRequestsUsd(US_EAST_1, work({ containers: 1, units: 1000, inputs: 1 }));
  expect(usd).toBeCloseTo(3.004 * 0.005 + 3.018 * 0.0004 + 5e-6 * 0.5, 9);
});
