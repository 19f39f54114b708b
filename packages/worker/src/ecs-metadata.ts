import { z } from 'zod';

/** Where the service keeps what the container prints. */
export interface LogPlace {
  readonly group: string;
  readonly stream: string;
}

/** https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-fargate-response.html */
const container = z.object({
  LogDriver: z.literal('awslogs'),
  LogOptions: z.object({ 'awslogs-group': z.string(), 'awslogs-stream': z.string() }),
});

const ANSWER_MS = 2000;

/**
 * Asks the agent beside the container where its output goes. Only for the record: where nobody answers, nothing is known,
 * and nothing else changes.
 *
 * @param uri `ECS_CONTAINER_METADATA_URI_V4`, which ECS sets
 */
export async function logPlaceOf(uri: string | undefined): Promise<LogPlace | undefined> {
  if (uri === undefined || uri === '') return undefined;
  try {
    const answer = await fetch(uri, { signal: AbortSignal.timeout(ANSWER_MS) });
    const { LogOptions } = container.parse(await answer.json());
    return { group: LogOptions['awslogs-group'], stream: LogOptions['awslogs-stream'] };
  } catch {
    return undefined;
  }
}
