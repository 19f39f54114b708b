import type { Prices } from '@winnow/core';

/**
 * What a run bills with where its spec gives no prices. Spot floats at 50 to 70 % below the price on demand: here it is
 * the dear end of that.
 */
export const US_EAST_1: Prices = {
  date: '2026-11',
  region: 'us-east-1',
  source:
    'https://aws.amazon.com/fargate/pricing/, /s3/pricing/, /cloudwatch/pricing/; Spot at half the price',
  fargate: {
    x86: {
      onDemand: { vcpuHour: 0.04048, gibHour: 0.004445 },
      spot: { vcpuHour: 0.02024, gibHour: 0.0022225 },
    },
    arm64: {
      onDemand: { vcpuHour: 0.03238, gibHour: 0.00356 },
      spot: { vcpuHour: 0.01619, gibHour: 0.00178 },
    },
  },
  s3: { writesPer1000: 0.005, readsPer1000: 0.0004 },
  logs: { gb: 0.5 },
};
