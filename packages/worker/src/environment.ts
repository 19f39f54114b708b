import { ConfigurationError } from '@winnow/core';
import { z } from 'zod';

const problem =
  (rule: string, missing = 'is missing') =>
  ({ input }: { readonly input?: unknown }): string =>
    input === undefined ? `${missing}: it ${rule}` : `${rule}, got ${JSON.stringify(input)}`;

const text = (rule: string) => z.string({ error: problem(rule) });

/** Digits only: `Number` would take '1e3', '0x10' and ' 7 '. */
const number = (rule = 'must be a whole number from 0') =>
  text(rule)
    .regex(/^\d{1,15}$/, { error: problem(rule) })
    .transform(Number);

const MEMORY = 'must be a size in MiB, such as 512MiB';

const variables = z.object({
  WINNOW_RUN: text('must be the URI of the run directory'),
  WINNOW_SHARD_BASE: number().prefault('0'),
  WINNOW_SHARD_LIST: z.string().optional(),
  WINNOW_SHARD_COUNT: number().prefault('1'),
  WINNOW_SUBMISSION: number('must be the number of the submission'),
  WINNOW_STOP_SECONDS: number().prefault('30'),
  WINNOW_MEMORY: text(MEMORY)
    .regex(/^[1-9]\d{0,11}MiB$/, { error: problem(MEMORY) })
    .optional(),
  WINNOW_PROGRESS_MS: number().prefault('0'),
  AWS_BATCH_JOB_ARRAY_INDEX: number().optional(),
  JOB_COMPLETION_INDEX: number().optional(),
  AWS_BATCH_JOB_ID: z.string().optional(),
  AWS_BATCH_JOB_ATTEMPT: z.string().optional(),
  ECS_CONTAINER_METADATA_URI_V4: z.string().optional(),
});

/** What a worker knows: this and the run directory. */
export interface WorkerEnvironment {
  /** URI of the run directory. */
  readonly run: string;
  readonly submission: number;
  /** Which shards: `count` of them from `base + index` on, or the `index`th entry of the list at this URI. */
  readonly shards:
    { readonly first: number; readonly count: number } | { readonly list: string; readonly index: number };
  readonly stopSeconds: number;
  /** What the process may use; undefined = what the control group or the machine has. */
  readonly memoryMiB: number | undefined;
  /** How often progress is told; 0 = never. */
  readonly progressMs: number;
  readonly jobId: string | undefined;
  /** Of the service that started it; undefined elsewhere. */
  readonly jobAttempt: string | undefined;
  /** Of the agent that ECS runs beside the container. */
  readonly metadataUri: string | undefined;
}

/**
 * Parses the environment contract. Empty variables count as missing: job definitions cannot leave one out.
 *
 * @throws ConfigurationError naming all problems at once.
 */
export function parseEnvironment(env: NodeJS.ProcessEnv): WorkerEnvironment {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''));
  const parsed = variables.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    throw new ConfigurationError(`environment: ${problems.join('; ')}`, {
      hint: 'the worker is started by winnow run, or by a job whose overrides set these',
    });
  }
  const v = parsed.data;
  const index = v.AWS_BATCH_JOB_ARRAY_INDEX ?? v.JOB_COMPLETION_INDEX ?? 0;
  return {
    run: v.WINNOW_RUN,
    submission: v.WINNOW_SUBMISSION,
    shards:
      v.WINNOW_SHARD_LIST === undefined
        ? { first: v.WINNOW_SHARD_BASE + index, count: v.WINNOW_SHARD_COUNT }
        : { list: v.WINNOW_SHARD_LIST, index },
    stopSeconds: v.WINNOW_STOP_SECONDS,
    memoryMiB: v.WINNOW_MEMORY === undefined ? undefined : Number.parseInt(v.WINNOW_MEMORY, 10),
    progressMs: v.WINNOW_PROGRESS_MS,
    jobId: v.AWS_BATCH_JOB_ID,
    jobAttempt: v.AWS_BATCH_JOB_ATTEMPT,
    metadataUri: v.ECS_CONTAINER_METADATA_URI_V4,
  };
}
