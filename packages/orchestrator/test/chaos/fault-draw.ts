import type { Random } from '../../src/sample/random.ts';

export const FAULTY_CALLS = ['open', 'read', 'write', 'sync', 'link'] as const;
export type FaultyCall = (typeof FAULTY_CALLS)[number];

/** `slow`: carried out, but late. `lost-reply`: carried out and then reported as EIO, as a network mount may do. */
export type Fault = 'EIO' | 'EAGAIN' | 'ENOSPC' | 'slow' | 'lost-reply';

/** What may befall a call: a read does not run out of space. */
export const FAULTS_OF: Readonly<Record<FaultyCall, readonly [Fault, ...Fault[]]>> = {
  open: ['EIO', 'EAGAIN', 'slow'],
  read: ['EIO', 'EAGAIN', 'slow'],
  write: ['EIO', 'ENOSPC', 'slow'],
  sync: ['EIO', 'ENOSPC', 'slow'],
  link: ['EIO', 'ENOSPC', 'lost-reply', 'slow'],
};

/** What befalls the next call: something once in `oneIn` times, never where that is 0. */
export function drawFault(random: Random, call: FaultyCall, oneIn: number): Fault | undefined {
  return oneIn > 0 && random.once(oneIn) ? random.pick(FAULTS_OF[call]) : undefined;
}
