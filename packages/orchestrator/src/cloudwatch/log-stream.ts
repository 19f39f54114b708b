import {
  CloudWatchLogsClient,
  GetLogEventsCommand,
  type GetLogEventsCommandOutput,
} from '@aws-sdk/client-cloudwatch-logs';
import { WinnowError } from '@winnow/core';

/** Reads a stream of a log group; undefined where it is not there (any more). */
export type ReadLogStream = (group: string, stream: string) => Promise<AsyncIterable<string> | undefined>;

/** CloudWatch's logs, line by line, the oldest first. */
export function cloudWatchLogs(): ReadLogStream {
  const client = new CloudWatchLogsClient({ maxAttempts: 8 });
  const page = (group: string, stream: string, nextToken?: string): Promise<GetLogEventsCommandOutput> =>
    client.send(
      new GetLogEventsCommand({
        ...{ logGroupName: group, logStreamName: stream, startFromHead: true },
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
  return async (group, stream) => {
    try {
      const first = await page(group, stream);
      return linesFrom(first, (token) => page(group, stream, token));
    } catch (error) {
      if ((error as Partial<Error> | null)?.name === 'ResourceNotFoundException') return undefined;
      throw new WinnowError(`CloudWatch logs ${group} ${stream}: ${(error as Error).message}`, {
        cause: error,
        hint: 'allow logs:GetLogEvents to your role, and check the region',
      });
    }
  };
}

/** A page that leads to itself is the last. */
async function* linesFrom(
  first: GetLogEventsCommandOutput,
  next: (token: string) => Promise<GetLogEventsCommandOutput>,
): AsyncGenerator<string> {
  let page = first;
  for (let token: string | undefined; ;) {
    for (const { message } of page.events ?? []) if (message !== undefined) yield message.trimEnd();
    if (page.nextForwardToken === undefined || page.nextForwardToken === token) return;
    token = page.nextForwardToken;
    page = await next(token);
  }
}
