import type { JobSize } from '../array-backend.ts';

/** US dollars, Linux on x86 in us-east-1, on demand, as of 2026-11. https://aws.amazon.com/fargate/pricing/ */
const VCPU_HOUR = 0.04048;
const GIB_HOUR = 0.004445;

/** What a container of this size costs a second where nobody takes it back. */
export const onDemandUsdPerSecond = ({ vcpus, memoryMiB }: JobSize): number =>
  (vcpus * VCPU_HOUR + (memoryMiB / 1024) * GIB_HOUR) / 3600;
