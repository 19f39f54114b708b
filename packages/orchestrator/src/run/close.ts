import { Kernel } from '@winnow/kernel';
import {
  attempt as attemptShape,
  closeRun,
  openRecordWriter,
  orderedAhead,
  readJson,
  runKeys,
  shardCount,
  type Report,
  type RunFile,
  type Storage,
  zstdTextCodec,
} from '@winnow/core';
import { reportPage } from '../report/html.ts';
import type { RunPlace, WorkDone } from './run-place.ts';

export interface Closing {
  readonly work: WorkDone;
  readonly place: Pick<RunPlace, 'grouping' | 'settings'>;
  readonly startedAt: Date;
  readonly now: () => Date;
}

/** Attempt records read at once. */
const READ_AHEAD = 64;

/** How many failures of shards are told a line each. */
const MAX_PROBLEM_LINES = 20;

/** Adds up the ledger, sweeps and writes the reports. */
export async function closeWithReport(output: Storage, run: RunFile, closing: Closing): Promise<Report> {
  const { work, place, startedAt } = closing;
  const endedAt = closing.now();
  return closeRun(output, run, {
    codec: zstdTextCodec,
    facts: {
      shards: { total: shardCount(place.grouping), failed: work.failed.total },
      ...(await sumAttempts(output, run)),
      time: {
        startedAt: startedAt.toISOString(),
        endedAt: endedAt.toISOString(),
        seconds: (endedAt.getTime() - startedAt.getTime()) / 1000,
      },
      // Processes on one's own machine cost nothing that a report could know.
      cost: { estimated: null, actual: null, currency: 'USD', items: [] },
      maxQuarantined: place.settings.maxQuarantined,
      cancelled: work.cancelled,
      problems: problemLines(work),
    },
    emptyPart: () => emptyPart(run),
    page: (report) => Buffer.from(reportPage(report)),
  });
}

function problemLines({ failed }: WorkDone): string[] {
  const lines = failed.first
    .slice(0, MAX_PROBLEM_LINES)
    .map(({ shard, cause, message }) => `shard ${shard} failed (${cause}): ${message}`);
  if (failed.total > MAX_PROBLEM_LINES) lines.push(`${failed.total - MAX_PROBLEM_LINES} more shards failed`);
  return lines;
}

/** Over all submissions of the run, those of earlier commands included. */
async function sumAttempts(output: Storage, run: RunFile): Promise<Pick<Report, 'attempts' | 'memory'>> {
  const attempts = { total: 0, interrupted: 0, failed: 0 };
  let memory = { peakMiB: 0, limitMiB: 0 };
  const stored = output.list(runKeys(run.runId).attempts);
  const records = orderedAhead(stored, READ_AHEAD, ({ key }) => readJson(output, key, attemptShape));
  for await (const record of records) {
    attempts.total++;
    // A record that stays `running` is a process that was killed.
    if (record?.state === 'failed' || record?.state === 'running') attempts.failed++;
    if (record?.state === 'interrupted' || record?.state === 'cancelled') attempts.interrupted++;
    // Written at a commit and at the end: of a killed process it is what it had by then.
    if (record && record.peakMemoryMiB > memory.peakMiB) {
      memory = { peakMiB: record.peakMemoryMiB, limitMiB: record.memoryMiB };
    }
  }
  return memory.peakMiB > 0 ? { attempts, memory } : { attempts };
}

/** A file of the run's format with its columns and no rows. */
async function emptyPart(run: RunFile): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const writer = openRecordWriter(new Kernel(), run.frozen, {
    write: (bytes) => Promise.resolve(void chunks.push(Uint8Array.from(bytes))),
  });
  await writer.finish();
  writer.dispose();
  return Buffer.concat(chunks);
}
