import { z } from 'zod';
import { count } from './counts.ts';

/**
 * `claims/<n>/<shard>.json`: somebody does this shard of submission `n`. Advice, no lock: two who do the same shard harm
 * nothing. Written anew with a higher `beat` as long as it is so; one that stays as it is belongs to nobody.
 */
export const claim = z.object({
  shard: count,
  /** Names the process that does it. */
  claimant: z.string(),
  host: z.string(),
  beat: count,
  at: z.string(),
});
export type Claim = z.infer<typeof claim>;
