/** One run of `scale-arrays.ts`, in a process of its own so that its memory can be told. Prints what it came to as JSON. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { diskStorage, parseSpec } from '@winnow/core';
import { createLog, operationsOn, processEdge } from '@winnow/orchestrator';
import { openAwsBatch } from '@winnow/orchestrator/aws-batch';
import { keepMemorySmall } from '../../packages/orchestrator/dist/cli/memory-lid.js';
import { CountingBatch } from './counting-batch.ts';
import { oneLargeObject, withReceipts } from './made-up-storage.ts';

// As the command does.
setFlagsFromString('--semi-space-growth-factor=1');
keepMemorySmall();

const UNIT_BYTES = 64 * 1024;
const shards = Number(process.argv[2]);

const folder = mkdtempSync(join(tmpdir(), 'winnow-arrays-'));
const batch = new CountingBatch();
const source = oneLargeObject('large.ndjson', shards * UNIT_BYTES);
const output = withReceipts(diskStorage(folder), shards, UNIT_BYTES, (unit) => batch.isDone(unit));
const noWait = (): Promise<void> => Promise.resolve();
/** Calls in each round, from one sleep to the next. */
const rounds: number[] = [];
let before = 0;

const settings = {
  ...{
    queue: 'spot',
    jobDefinition: 'worker',
    fallbackQueue: undefined,
    vcpus: 1,
    timeoutSeconds: 3600,
    tags: {},
  },
};
const noLogs = () => Promise.resolve(() => Promise.resolve(undefined));
const operations = operationsOn({
  ...processEdge(),
  backend: () => openAwsBatch({ api: batch, logStreams: noLogs, sleep: noWait }, settings),
  openStorage: (uri) => Promise.resolve(uri.startsWith('s3://winnow-source') ? source : output),
  sleep: () => {
    // Submits come before the first round; a round is what comes between two sleeps.
    rounds.push(batch.describes + batch.lists + batch.ends - before);
    before = batch.describes + batch.lists + batch.ends;
    return noWait();
  },
});
const marks: Record<string, number> = {};
const startedAt = performance.now();
const mark = (name: string): number => (marks[name] = Math.round(performance.now() - startedAt) / 1000);
try {
  const spec = parseSpec({
    ...{ source: 's3://winnow-source', output: 's3://winnow-output', unitBytes: UNIT_BYTES, shardUnits: 1 },
    ...{ backend: 'aws-batch', queue: 'spot', jobDefinition: 'worker' },
  });
  const result = await operations.run(spec, {
    cwd: '/',
    signal: new AbortController().signal,
    log: createLog('error', () => undefined),
    onEvent: ({ kind }) => {
      if (kind === 'planned' || kind === 'attempts') mark(kind);
    },
  });
  mark('closed');
  const report = result.kind === 'ran' ? result.report : undefined;
  console.log(
    JSON.stringify({
      ...{
        submits: batch.submits,
        rounds: rounds.length,
        mostCallsARound: Math.max(...rounds.slice(1)),
        marks,
      },
      ...{ state: report?.state, units: report?.units.committed, shards: report?.shards },
    }),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
