import { Kernel } from '@winnow/kernel';
import {
  closeRun,
  openRecordWriter,
  openTransactionWriter,
  runKeys,
  shardCount,
  type Report,
  type RunFile,
  type Storage,
  zstdTextCodec,
} from '@winnow/core';
import { Bill } from '../cost/bill.ts';
import { billedSubmissions } from '../cost/submissions.ts';
import { US_EAST_1 } from '../cost/us-east-1.ts';
import type { RunEvent } from '../events.ts';
import { reportPage } from '../report/html.ts';
import type { RunPlace, WorkDone } from './run-place.ts';
import { sumAttempts } from './sum-attempts.ts';

export interface Closing {
  readonly work: WorkDone;
  readonly place: Pick<RunPlace, 'grouping' | 'settings'>;
  readonly startedAt: Date;
  readonly now: () => Date;
  readonly tell?: (event: RunEvent) => void;
}

/** Adds up the ledger, sweeps and writes the reports. */
export async function closeWithReport(output: Storage, run: RunFile, closing: Closing): Promise<Report> {
  const { work, place, startedAt } = closing;
  const endedAt = closing.now();
  const submissions = await billedSubmissions(output, runKeys(run.runId));
  const bill = new Bill(place.settings.prices ?? US_EAST_1, submissions);
  const { attempts, memory, ...distributions } = await sumAttempts(output, run, (record) => bill.add(record));
  closing.tell?.({ kind: 'attempts', ...distributions });
  return closeRun(output, run, {
    codec: zstdTextCodec,
    facts: {
      shards: { total: shardCount(place.grouping), failed: work.failed.total },
      attempts,
      ...(memory === undefined ? {} : { memory }),
      time: {
        startedAt: startedAt.toISOString(),
        endedAt: endedAt.toISOString(),
        // Another machine's clock may have been ahead when the run began.
        seconds: Math.max(0, endedAt.getTime() - startedAt.getTime()) / 1000,
      },
      cost: bill.cost(submissions.estimatedUsd ?? null),
      maxQuarantined: place.settings.maxQuarantined,
      cancelled: work.cancelled,
      problems: [...(work.gaveUp === undefined ? [] : [work.gaveUp]), ...work.failed.lines()],
    },
    emptyPart: () => emptyPart(run),
    page: (report) => Buffer.from(reportPage(report)),
  });
}

/** A file of the run's format with its columns and no rows. */
async function emptyPart(run: RunFile): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const sink = { write: (bytes: Uint8Array) => Promise.resolve(void chunks.push(Uint8Array.from(bytes))) };
  const writer = run.frozen.al3
    ? openTransactionWriter(run.frozen, sink)
    : openRecordWriter(new Kernel(), run.frozen, sink);
  await writer.finish();
  writer.dispose();
  return Buffer.concat(chunks);
}
