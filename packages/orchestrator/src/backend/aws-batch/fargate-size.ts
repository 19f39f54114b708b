const GIB = 1024;
const steps = (from: number, to: number, by: number): number[] =>
  Array.from({ length: (to - from) / by + 1 }, (_, n) => (from + n * by) * GIB);

/**
 * The sizes that Fargate has: for each number of vCPUs its memory in MiB, rising.
 * https://docs.aws.amazon.com/batch/latest/APIReference/API_ResourceRequirement.html
 */
export const FARGATE_SIZES: readonly { readonly vcpus: number; readonly memoryMiB: readonly number[] }[] = [
  { vcpus: 0.25, memoryMiB: [0.5 * GIB, 1 * GIB, 2 * GIB] },
  { vcpus: 0.5, memoryMiB: steps(1, 4, 1) },
  { vcpus: 1, memoryMiB: steps(2, 8, 1) },
  { vcpus: 2, memoryMiB: steps(4, 16, 1) },
  { vcpus: 4, memoryMiB: steps(8, 30, 1) },
  { vcpus: 8, memoryMiB: steps(16, 60, 4) },
  { vcpus: 16, memoryMiB: steps(32, 120, 8) },
  { vcpus: 32, memoryMiB: [60 * GIB, 120 * GIB, 244 * GIB] },
];

export interface ContainerSize {
  readonly vcpus: number;
  readonly memoryMiB: number;
}

/** The smallest size with at least so much of both; undefined beyond the largest. */
export function fargateSize(memoryMiB: number, vcpus: number): ContainerSize | undefined {
  for (const size of FARGATE_SIZES) {
    if (size.vcpus < vcpus) continue;
    const enough = size.memoryMiB.find((mib) => mib >= memoryMiB);
    if (enough !== undefined) return { vcpus: size.vcpus, memoryMiB: enough };
  }
  return undefined;
}
