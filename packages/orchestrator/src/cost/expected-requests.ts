import type { Prices } from '@winnow/core';
import { LOG_BYTES_AN_ATTEMPT } from './log-bytes.ts';

/** What containers are to do. */
export interface ContainersWork {
  readonly containers: number;
  readonly units: number;
  readonly inputs: number;
  readonly decoded: number;
  /** Decoded bytes after which a unit that cannot be cut commits. */
  readonly unitBytes: number;
}

/**
 * Requests of workers, as the suite over moto has counted them (`packages/orchestrator/test/aws/cost.aws.test.ts`: 2.2 and 13.4
 * for a start and an end, 2.1 and 2.9 for a commit), rounded up.
 */
export const REQUESTS = {
  container: { writes: 4, reads: 16 },
  commit: { writes: 3, reads: 3 },
  input: { writes: 0, reads: 2 },
};

/**
 * Larger parts go up in pieces of 8 MiB (`core/src/storage/s3/part-size.ts`), a request each. How large an output will be nobody
 * knows before: it is taken to be a quarter of what is decoded.
 */
const DECODED_OF_A_PIECE = 4 * 8 * 2 ** 20;

/** What containers are expected to ask of S3. */
export function expectedRequests(work: ContainersWork): { writes: number; reads: number } {
  const { containers, units, inputs, decoded, unitBytes } = work;
  const commits = Math.max(units, decoded / unitBytes);
  const sum = (kind: 'writes' | 'reads'): number =>
    containers * REQUESTS.container[kind] + commits * REQUESTS.commit[kind] + inputs * REQUESTS.input[kind];
  return { writes: sum('writes') + decoded / DECODED_OF_A_PIECE, reads: sum('reads') };
}

/** What their requests and logs are expected to cost, in US dollars. */
export function expectedRequestsUsd({ s3, logs }: Prices, work: ContainersWork): number {
  const { writes, reads } = expectedRequests(work);
  return (
    (writes * s3.writesPer1000 + reads * s3.readsPer1000) / 1000 +
    ((work.containers * LOG_BYTES_AN_ATTEMPT) / 1e9) * logs.gb
  );
}
