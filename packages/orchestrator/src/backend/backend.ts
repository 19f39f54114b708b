import type { ArrayBackend } from './array-backend.ts';
import type { ClaimBackend } from './claim-backend.ts';
import type { ProcessBackend } from './process-backend.ts';

/** A place where shards run. */
export type Backend = ProcessBackend | ArrayBackend | ClaimBackend;
