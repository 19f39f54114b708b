import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FARGATE_SIZES, fargateSize } from '../../../src/backend/aws-batch/fargate-size.ts';

const GIB = 1024;

describe('the smallest size of Fargate', () => {
  test.each<[number, number, object | undefined]>([
    // memory classes at the vCPUs that they need
    [512, 0.25, { vcpus: 0.25, memoryMiB: 512 }],
    [1024, 0.25, { vcpus: 0.25, memoryMiB: 1024 }],
    [2048, 0.25, { vcpus: 0.25, memoryMiB: 2048 }],
    [4096, 0.25, { vcpus: 0.5, memoryMiB: 4096 }],
    [8192, 0.25, { vcpus: 1, memoryMiB: 8192 }],
    [16384, 0.25, { vcpus: 2, memoryMiB: 16384 }],
    [30720, 0.25, { vcpus: 4, memoryMiB: 30720 }],
    // never down
    [513, 0.25, { vcpus: 0.25, memoryMiB: 1024 }],
    [2049, 0.25, { vcpus: 0.5, memoryMiB: 3 * GIB }],
    [30721, 0.25, { vcpus: 8, memoryMiB: 32 * GIB }],
    [61 * GIB, 0.25, { vcpus: 16, memoryMiB: 64 * GIB }],
    [121 * GIB, 0.25, { vcpus: 32, memoryMiB: 244 * GIB }],
    // with the vCPUs that are asked for
    [512, 1, { vcpus: 1, memoryMiB: 2048 }],
    [512, 2, { vcpus: 2, memoryMiB: 4096 }],
    [512, 32, { vcpus: 32, memoryMiB: 60 * GIB }],
    // none
    [244 * GIB + 1, 0.25, undefined],
  ])('for %d MiB and %d vCPU', (memoryMiB, vcpus, expected) => {
    expect(fargateSize(memoryMiB, vcpus)).toEqual(expected);
  });

  test('is one that there is, is enough, and no smaller one is', () => {
    const all = FARGATE_SIZES.flatMap(({ vcpus, memoryMiB }) =>
      memoryMiB.map((mib) => ({ vcpus, memoryMiB: mib })),
    );
    expect(all).toHaveLength(3 + 4 + 7 + 13 + 23 + 12 + 12 + 3);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 244 * GIB }),
        fc.constantFrom(0.25, 0.5, 1, 2, 4, 8, 16, 32),
        (mib, vcpus) => {
          const size = fargateSize(mib, vcpus)!;
          const enough = all.filter((one) => one.memoryMiB >= mib && one.vcpus >= vcpus);
          expect(enough).toContainEqual(size);
          for (const other of enough) {
            expect(
              other.vcpus > size.vcpus || (other.vcpus === size.vcpus && other.memoryMiB >= size.memoryMiB),
            ).toBe(true);
          }
        },
      ),
    );
  });
});
