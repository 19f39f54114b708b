import type { Waiting } from '../../retry.ts';
import type { OpenStorage } from '../open-storage.ts';
import type { RequestCounts } from '../request-counts.ts';
import { PACE_LIMITS } from './body-pace.ts';
import { S3_RETRY_TIMES } from './s3-access.ts';
import { s3Client, type Environment } from './s3-client.ts';
import { s3Storage } from './s3-storage.ts';
import { s3Place } from './s3-uri.ts';

/** Opens buckets with one client: one pool of connections, one look for credentials. */
export function s3Opener(environment: Environment, waiting: Waiting, requests?: RequestCounts): OpenStorage {
  const client = s3Client(environment);
  if (requests !== undefined)
    client.middlewareStack.add(
      (next, { commandName = '' }) =>
        (sent) => {
          requests.see(commandName);
          return next(sent);
        },
      { step: 'finalizeRequest', name: 'countRequests' },
    );
  const shared = {
    client,
    waiting,
    times: S3_RETRY_TIMES,
    pace: PACE_LIMITS,
    now: () => performance.now(),
  };
  return (uri) => Promise.resolve(s3Storage({ ...shared, place: s3Place(uri) }));
}
