import type { ListJobsRequest } from '@aws-sdk/client-batch';
import { ClientException } from './client-exception.ts';
import { arrayIndex } from './job-id.ts';

const PAGE_BY_STATUS = 1000;
const PAGE_BY_FILTER = 100;

type Placed = { readonly jobId: string; readonly createdAt: number };

/** The most recent jobs first; children of an array by their index. */
function compareJobs(a: Placed, b: Placed): number {
  const [indexA, indexB] = [arrayIndex(a.jobId), arrayIndex(b.jobId)];
  if (indexA !== undefined && indexB !== undefined) return indexA - indexB;
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  return a.jobId < b.jobId ? -1 : Number(a.jobId > b.jobId);
}

/**
 * One page of the jobs. Moto gives all in one and ignores `maxResults` and `nextToken`. A page begins behind the last job
 * of the one before, also when that job no longer belongs to the list.
 */
export function jobPage<Job extends Placed>(
  jobs: readonly Job[],
  request: Pick<ListJobsRequest, 'maxResults' | 'nextToken' | 'filters'>,
): { readonly page: Job[]; readonly nextToken?: string } {
  const { maxResults = Infinity, nextToken, filters = [] } = request;
  if (maxResults < 1) throw new ClientException('maxResults must be at least 1');
  const size = Math.min(maxResults, filters.length > 0 ? PAGE_BY_FILTER : PAGE_BY_STATUS);
  const last = nextToken === undefined ? undefined : parseToken(nextToken);
  const rest = [...jobs].sort(compareJobs).filter((job) => !last || compareJobs(job, last) > 0);
  const page = rest.slice(0, size);
  const end = page.at(-1);
  return rest.length > size && end ? { page, nextToken: tokenOf(end) } : { page };
}

const tokenOf = ({ jobId, createdAt }: Placed): string =>
  Buffer.from(JSON.stringify({ jobId, createdAt })).toString('base64url');

function parseToken(token: string): Placed {
  try {
    return JSON.parse(Buffer.from(token, 'base64url').toString()) as Placed;
  } catch {
    throw new ClientException('nextToken is not valid');
  }
}
