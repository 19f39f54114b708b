import type { Spec } from '@winnow/core';
import { countOf } from '../report/figures.ts';
import { finding, ok, type Finding } from './finding.ts';

/** What this process runs on. */
export interface Machine {
  /** Such as `24.1.0`. */
  readonly nodeVersion: string;
  /** Whether its zlib has zstd. */
  readonly hasZstd: boolean;
  /** Left for workers. */
  readonly availableMiB: number;
}

/** Node, and the memory of workers where they are processes of this machine. */
export function lookAtMachine(
  { nodeVersion, hasZstd, availableMiB }: Machine,
  { backend, memory }: Pick<Spec, 'backend' | 'memory'>,
  processes: number,
): Finding[] {
  const node = hasZstd
    ? ok('node', `Node ${nodeVersion}, with zstd`)
    : finding('node', 'failed', `Node ${nodeVersion} has no zstd in its zlib`, 'install Node 24');
  if (backend === 'aws-batch') return [node];
  if (availableMiB < memory)
    return [
      node,
      finding(
        'memory',
        'warning',
        `a worker may use ${memory} MiB, ${availableMiB} MiB are free for it`,
        'end what takes the memory, or give less with --memory',
      ),
    ];
  const many = countOf(processes, 'process', 'processes');
  return [node, ok('memory', `${availableMiB} MiB are free: ${many} of at most ${memory} MiB at once`)];
}
