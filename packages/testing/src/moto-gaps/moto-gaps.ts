import type { Rewrite } from '../proxy/rewrite.ts';
import { batchGaps, type BatchGapsOptions } from './batch-gaps.ts';
import { s3Gaps } from './s3-gaps.ts';

/**
 * The one place where tests bend for moto: what AWS does and moto 5.2 does otherwise, operation by operation, in the
 * files beside this one. Moto does the rest, and knows nothing of it.
 */
export function motoGaps(options: BatchGapsOptions): Rewrite {
  const [batch, s3] = [batchGaps(options), s3Gaps()];
  return (request) => {
    const { service, operation } = request.facts;
    if (service === 'batch') return batch(operation);
    return service === 's3' ? s3(request) : undefined;
  };
}
