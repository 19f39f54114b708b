import { sumLedger, WinnowError, type Report } from '@winnow/core';
import { countOf } from '../report/figures.ts';
import { followArrays } from '../run/arrays/follow-arrays.ts';
import { closeWithReport } from '../run/close.ts';
import { FailedShards } from '../run/failed-shards.ts';
import { followReceipts } from '../run/follow-receipts.ts';
import type { OperationsEdge } from './edge.ts';
import { latestIntent } from './latest-intent.ts';
import type { Hooks, RunReference } from './operations.ts';
import { openStoredRun, readReport, type StoredRun } from './stored-run.ts';

/** Arrays have ended and all is committed, but nobody has closed the run for so long: nobody will. */
const CLOSE_AFTER_MS = 60_000;
/** Arrays have ended, not all is committed, and nothing was submitted for so long: nobody goes on. */
const LEFT_AFTER_MS = 300_000;

/**
 * Follows a run until it is closed; whoever works it off need not be here. A run that ended before is told at once; a
 * report of an earlier attempt that failed does not count while its shards may be running again.
 *
 * Where jobs of a service work on it, nobody may be left to close it: it is closed then, if all is committed.
 */
export async function watchRun(reference: RunReference, edge: OperationsEdge, hooks: Hooks): Promise<Report> {
  const startedAt = edge.now();
  const stored = await openStoredRun(reference, { cwd: hooks.cwd, openStorage: edge.openStorage });
  const { output, run } = stored;
  const intent = await latestIntent(output, run.runId);
  const arrays = intent?.job && followArrays(output, run, await edge.batchJobs(), edge.now, hooks.onEvent);
  const follower = arrays ?? followReceipts(output, run, intent, hooks.onEvent);
  const hasEnded = async (): Promise<Report | undefined> => {
    const report = await readReport(stored);
    const isNew = report !== undefined && report.time.endedAt >= startedAt.toISOString();
    return report && (isFinal(report) || isNew || (await isIdle(stored, report))) ? report : undefined;
  };
  await follower.begin();
  /** When no array was under way any more. */
  let idleSince: number | undefined;
  for (;;) {
    const report = await hasEnded();
    if (report) {
      hooks.onEvent({ kind: 'done', report });
      return report;
    }
    await edge.sleep(follower.pollMs, hooks.signal);
    await follower.look();
    if (arrays === undefined || arrays.live > 0) {
      idleSince = undefined;
      continue;
    }
    const nowMs = edge.now().getTime();
    idleSince ??= nowMs;
    await closeIfLeft(stored, edge, nowMs - idleSince);
  }
}

const isFinal = ({ state }: Report): boolean => state === 'succeeded' || state === 'partial';

/** No submission came after the report: nobody is at work. */
async function isIdle({ output, run }: StoredRun, report: Report): Promise<boolean> {
  const intent = await latestIntent(output, run.runId);
  return intent === undefined || intent.createdAt <= report.time.endedAt;
}

/** @throws WinnowError where units are left and nobody does them */
async function closeIfLeft({ output, run }: StoredRun, edge: OperationsEdge, idleMs: number): Promise<void> {
  if (idleMs < CLOSE_AFTER_MS) return;
  const { units } = (await sumLedger(output, run)).sums;
  if (units.committed < units.total) {
    if (idleMs < LEFT_AFTER_MS) return;
    const left = units.total - units.committed;
    const [are, them] = left === 1 ? ['is', 'it'] : ['are', 'them'];
    throw new WinnowError(
      `run ${run.runId}: ${left} of ${countOf(units.total, 'unit')} ${are} not committed, and no job works on ${them}`,
      { hint: `run its winnow run command again: it goes on with ${them}` },
    );
  }
  const intent = await latestIntent(output, run.runId);
  if (intent === undefined) return;
  await closeWithReport(output, run, {
    work: { failed: new FailedShards(), cancelled: false },
    place: { grouping: intent.grouping, settings: intent.settings },
    startedAt: new Date(run.createdAt),
    now: edge.now,
  });
}
