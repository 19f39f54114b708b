import { jsonError, xmlError, type Reply } from '../proxy/reply.ts';
import type { RequestFacts } from '../proxy/request-facts.ts';

/** The answer to a request that is refused in place of being passed on. */
export function faultReply(
  fault: 'unavailable' | 'throttled' | 'conflict',
  { service }: RequestFacts,
  occurrence: number,
): Reply {
  switch (fault) {
    case 'throttled':
      return jsonError(429, 'TooManyRequestsException', 'Too Many Requests');
    case 'conflict':
      return xmlError(
        409,
        'ConditionalRequestConflict',
        'The conditional request cannot succeed due to a conflicting operation against this resource.',
      );
    case 'unavailable':
      if (service === 'batch')
        return jsonError(503, 'ServiceUnavailableException', 'Service is unable to handle request.');
      // S3 says both, for the same reason.
      return occurrence % 2 === 0
        ? xmlError(503, 'SlowDown', 'Please reduce your request rate.')
        : xmlError(503, 'ServiceUnavailable', 'Service is unable to handle request.');
  }
}
