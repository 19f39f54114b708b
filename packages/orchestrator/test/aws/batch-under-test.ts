import { fileURLToPath } from 'node:url';
import { prepareBatch, startAws } from '@winnow/testing';

/** The AWS Batch that the conformance cases run against. */
export interface BatchUnderTest {
  readonly queue: string;
  /** Job definitions, each run by the worker's image. */
  readonly definitions: readonly string[];
  /** What one waits before asking again. */
  readonly pollMs: number;
  /** What the clients of the process need. */
  readonly environment: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const WORKER = fileURLToPath(new URL('../../../worker/dist/main.js', import.meta.url));
const IMAGE = 'winnow/worker:1';

/** The definitions that moto has, by name: test tables are made before it is started. */
const MOTO_DEFINITIONS = ['winnow-container', 'winnow-ecs'];

/**
 * A real account where `WINNOW_TEST_BATCH_QUEUE` and `WINNOW_TEST_BATCH_DEFINITIONS` (names, by commas; each of the
 * worker's image) name what to use there: by the default credentials, in the default region. Jobs end at once with a
 * worker's exit code 78, and cost a container's minute each. Else moto.
 */
export const DEFINITIONS = process.env['WINNOW_TEST_BATCH_DEFINITIONS']?.split(',') ?? MOTO_DEFINITIONS;

export async function startBatchUnderTest(): Promise<BatchUnderTest> {
  const queue = process.env['WINNOW_TEST_BATCH_QUEUE'];
  if (queue !== undefined) {
    const stop = (): Promise<void> => Promise.resolve();
    return { queue, definitions: DEFINITIONS, pollMs: 10_000, environment: {}, stop };
  }
  const aws = await startAws({ images: { [IMAGE]: { argv: [process.execPath, WORKER] } } });
  const prepared = await prepareBatch({ endpoint: aws.steadyEndpoint, image: IMAGE });
  return {
    queue: prepared.jobQueue,
    definitions: DEFINITIONS,
    pollMs: 300,
    environment: { ...aws.environment, AWS_ENDPOINT_URL: aws.steadyEndpoint },
    stop: () => aws.stop(),
  };
}
