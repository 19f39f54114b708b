import {
  receiptNames,
  readReceipt,
  runKeys,
  runUri,
  shardCount,
  type Receipt,
  type Report,
} from '@winnow/core';
import type { OperationsEdge } from './edge.ts';
import type { Hooks, RunReference } from '../operations/operations.ts';
import { openStoredRun, readReport, type StoredRun } from './stored-run.ts';
import { latestIntent } from './latest-intent.ts';

const POLL_MS = 1000;

/**
 * Follows a run from its receipts until it is closed; whoever works it off need not be here. A run that ended before
 * is told at once; a report of an earlier attempt that failed does not count while its shards may be running again.
 */
export async function watchRun(reference: RunReference, edge: OperationsEdge, hooks: Hooks): Promise<Report> {
  const startedAt = edge.now().toISOString();
  const stored = await openStoredRun(reference, { cwd: hooks.cwd, openStorage: edge.openStorage });
  const seen = new Set<string>();
  await tellPlanned(stored, newReceipts(stored, seen), hooks);
  for (;;) {
    const report = await readReport(stored);
    if (report && (isFinal(report) || report.time.endedAt >= startedAt || (await isIdle(stored, report)))) {
      hooks.onEvent({ kind: 'done', report });
      return report;
    }
    await edge.sleep(POLL_MS, hooks.signal);
    for await (const receipt of newReceipts(stored, seen)) hooks.onEvent(committedEvent(receipt));
  }
}

const isFinal = ({ state }: Report): boolean => state === 'succeeded' || state === 'partial';

/** No submission came after the report: nobody is at work. */
async function isIdle({ output, run }: StoredRun, report: Report): Promise<boolean> {
  const intent = await latestIntent(output, run.runId);
  return intent === undefined || intent.createdAt <= report.time.endedAt;
}

/** One at a time: a run may have a hundred thousand. */
async function* newReceipts({ output, run }: StoredRun, seen: Set<string>): AsyncGenerator<Receipt> {
  const keys = runKeys(run.runId);
  for await (const { key, unit, sub } of receiptNames(output, keys)) {
    if (seen.has(key)) continue;
    seen.add(key);
    const receipt = await readReceipt(output, keys, unit, sub);
    if (receipt) yield receipt;
  }
}

async function tellPlanned(
  { output, run }: StoredRun,
  before: AsyncIterable<Receipt>,
  hooks: Hooks,
): Promise<void> {
  const already = { units: 0, records: 0, decoded: 0 };
  for await (const { last, records, bytes } of before) {
    if (last) already.units++;
    already.records += records.read;
    already.decoded += bytes.decoded;
  }
  const intent = await latestIntent(output, run.runId);
  const { units, inputs, bytes, decoded } = run.plan;
  hooks.onEvent({
    kind: 'planned',
    runId: run.runId,
    directory: runUri(output.uri, run.runId),
    units,
    shards: intent ? shardCount(intent.grouping) : 0,
    inputs,
    bytes,
    decoded,
    already,
  });
}

function committedEvent({ unit, sub, last, records, bytes }: Receipt) {
  const counts = { records: records.read, quarantined: records.quarantined, decoded: bytes.decoded };
  return { kind: 'committed', shard: 0, unit, sub, last, ...counts } as const;
}
