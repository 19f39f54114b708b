import { S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';

/** At once to one host: what a worker reads ahead and writes, and a listing in parallel. */
const MAX_SOCKETS = 128;
const CONNECT_MS = 5000;
/** Silence in an answer. Bodies have a stricter watch of their own, which knows who is waiting for whom. */
const SOCKET_IDLE_MS = 60_000;

/** Buckets may lie in any region: the client follows to it. This one is asked first where none is set. */
const FIRST_REGION = 'us-east-1';

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * A client with the default credential chain, for `AWS_ENDPOINT_URL` (or `AWS_ENDPOINT_URL_S3`) where it is set. It tries
 * nothing again: each caller knows what a second try may mean.
 */
export function s3Client(environment: Environment): S3Client {
  const endpoint = environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'];
  const config: S3ClientConfig = {
    ...(endpoint ? { endpoint } : {}),
    region: environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || regionOfProfile,
    maxAttempts: 1,
    followRegionRedirects: true,
    // Servers that are no Amazon's seldom answer to a bucket's name in the host.
    forcePathStyle: Boolean(endpoint),
    // Bytes are held against hashes where it matters; a checksum over each read costs a core for nothing.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SOCKET_IDLE_MS,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    },
  };
  return new S3Client(config);
}

/** The region of the profile, which the client reads from its file. */
async function regionOfProfile(): Promise<string> {
  try {
    return await new S3Client({}).config.region();
  } catch {
    return FIRST_REGION;
  }
}
