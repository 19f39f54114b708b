/** Plans over the made-up bucket of `scale-plan-s3.ts`, up to the sealed plan, in a process of its own. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { parseSpec } from '@winnow/core';
import { createLog, operationsOn, processEdge } from '@winnow/orchestrator';
import { openAwsBatch } from '@winnow/orchestrator/aws-batch';
import { keepMemorySmall } from '../../packages/orchestrator/dist/cli/memory-lid.js';
import { CountingBatch } from './counting-batch.ts';

// As the command does.
setFlagsFromString('--semi-space-growth-factor=1');
keepMemorySmall();

/** The plan is sealed when the first job is to be submitted: there it ends. */
class NoBatch extends CountingBatch {
  override submitJob(): Promise<string> {
    return Promise.reject(new Error('planned'));
  }
}

const folder = mkdtempSync(join(tmpdir(), 'winnow-plan-s3-'));
const settings = {
  ...{ queue: 'q', jobDefinition: 'd', fallbackQueue: undefined, vcpus: 1, timeoutSeconds: 60, tags: {} },
};
const noLogs = () => Promise.resolve(() => Promise.resolve(undefined));
const operations = operationsOn({
  ...processEdge(),
  backend: () =>
    openAwsBatch({ api: new NoBatch(), logStreams: noLogs, sleep: () => Promise.resolve() }, settings),
});
try {
  const spec = parseSpec({
    ...{ source: 's3://made-up-bucket/in', output: folder },
    ...{ backend: 'aws-batch', queue: 'q', jobDefinition: 'd' },
  });
  await operations
    .run(spec, {
      cwd: '/',
      signal: new AbortController().signal,
      log: createLog('error', () => undefined),
      onEvent: (event) => {
        if (event.kind !== 'planned') return;
        const { inputs, units, shards, bytes } = event;
        console.log(JSON.stringify({ inputs, units, shards, bytes }));
      },
    })
    .catch((error: unknown) => {
      if ((error as Error).message !== 'planned') throw error;
    });
  const [run = ''] = readdirSync(join(folder, '_winnow')).filter((name) => name.startsWith('0000-'));
  const [sha = ''] = readdirSync(join(folder, '_winnow', run, 'plan'));
  console.log(`${readdirSync(join(folder, '_winnow', run, 'plan', sha)).length} plan objects`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
