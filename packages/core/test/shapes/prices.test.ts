import { describe, expect, test } from '@jest/globals';
import { parseSpec } from '../../src/spec/parse-spec.ts';
import { SpecError } from '../../src/spec/problems.ts';

const CONTAINER = { vcpuHour: 0.04, gibHour: 0.004 };
const KINDS = { onDemand: CONTAINER, spot: CONTAINER };
const PRICES = {
  ...{ date: '2026-11', region: 'us-east-1', source: 'here' },
  fargate: { x86: KINDS, arm64: KINDS },
  s3: { writesPer1000: 0.005, readsPer1000: 0.0004 },
  logs: { gb: 0 },
};

function linesOf(prices: unknown): string[] {
  try {
    parseSpec({ source: 'in', prices });
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(({ message }) => message);
    throw error;
  }
  return [];
}

describe('prices', () => {
  test.each([PRICES, { ...PRICES, date: '2026-11-28' }])('%# are taken as they are', (prices) => {
    expect(parseSpec({ source: 'in', prices }).prices).toEqual(prices);
  });

  test.each<[string, unknown, RegExp]>([
    ['nothing of the kind', 'cheap', /^prices must be keys with values, got cheap$/],
    ['a list', [PRICES], /^prices must be keys with values, got \[/],
    ['a part that is missing', { ...PRICES, s3: undefined }, /^prices\.s3 must be keys with values/],
    [
      'a price that is missing',
      { ...PRICES, fargate: { x86: KINDS, arm64: { onDemand: CONTAINER, spot: { vcpuHour: 1 } } } },
      /^prices\.fargate\.arm64\.spot\.gibHour must be an amount of US dollars, such as 0\.04048, got nothing$/,
    ],
    [
      'a price below nothing',
      { ...PRICES, logs: { gb: -1 } },
      /^prices\.logs\.gb must be an amount .*, got -1$/,
    ],
    [
      'a price as text',
      { ...PRICES, logs: { gb: '$1' } },
      /^prices\.logs\.gb must be an amount .*, got \$1$/,
    ],
    ['no number', { ...PRICES, logs: { gb: NaN } }, /^prices\.logs\.gb must be an amount/],
    ['a key too many', { ...PRICES, efs: {} }, /^prices has keys that no price file knows: efs/],
    ['a key too many inside', { ...PRICES, logs: { gb: 1, tb: 2 } }, /^prices\.logs has keys that no .*: tb/],
    [
      'a date that is none',
      { ...PRICES, date: 'today' },
      /^prices\.date must be a month or a day, .*, got today$/,
    ],
  ])('with %s are refused in one line', (_what, prices, line) => {
    const lines = linesOf(prices);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(line);
    expect(lines[0]).not.toContain('\n');
  });
});
