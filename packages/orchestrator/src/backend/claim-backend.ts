import type { ProcessBackend } from './process-backend.ts';

/**
 * Shards are anybody's: whoever sees the run directory claims some and does them. This process takes part with so many
 * processes at once; none = it only plans, watches and closes.
 */
export interface ClaimBackend {
  readonly kind: 'claims';
  readonly name: 'pull';
  /** Does the shards that this process has claimed. */
  readonly processes: ProcessBackend;
  readonly slots: number;
  /** MiB that all of them together may use. */
  readonly availableMiB: number;
}
