import { bytesText, countOf, countText } from '../report/figures.ts';
import type { Cancellation, GcSummary, KeptRun, RunStatus, Verification } from '../operations/operations.ts';

/** A run's status for people. */
export function statusText(status: RunStatus): string {
  const { runId, state, units, records, bytes, submissions, clearedAt } = status;
  return [
    `run ${runId}: ${state}`,
    `  units    ${countText(units.committed)} of ${countText(units.total)} committed`,
    `  records  ${countText(records.read)} read = ${countText(records.written)} written + ${countText(records.filtered)} filtered + ${countText(records.quarantined)} quarantined`,
    `  bytes    ${bytesText(bytes.read)} read and ${bytesText(bytes.refused)} refused of ${bytesText(bytes.planned)}, ${bytesText(bytes.written)} written`,
    clearedAt === undefined
      ? `  started  ${countOf(submissions, 'time')}`
      : `  cleared  ${clearedAt} (winnow gc)`,
  ].join('\n');
}

/** What `cancel` did, for people. */
export function cancellationText({ runId, submission, jobs, complete }: Cancellation): string {
  if (complete) return `run ${runId} is complete: there is nothing to cancel`;
  if (submission === undefined) return `run ${runId}: nothing of it was ever started`;
  const ended = jobs > 0 ? `${countOf(jobs, 'job')} ended; ` : '';
  return `run ${runId}: ${ended}workers end at their next border. Its command again goes on with it.`;
}

/** What `verify` found, for people. */
export function verificationText(verification: Verification): string {
  const { runId, receipts, parts, rows, bytes, problems, clearedAt } = verification;
  const checked = `${countOf(receipts, 'receipt')}, ${countOf(parts, 'part')}, ${countOf(rows, 'row')}, ${bytesText(bytes)}`;
  const cleared =
    clearedAt === undefined
      ? []
      : [
          `  plan and receipts were removed by winnow gc on ${clearedAt}: all is held against the compacted ledger`,
        ];
  if (problems.length === 0) return [`run ${runId} is whole: ${checked} checked`, ...cleared].join('\n');
  return [
    `run ${runId} has ${countOf(problems.length, 'problem')} (${checked} checked)`,
    ...cleared,
    ...problems.map((problem) => `  ${problem}`),
  ].join('\n');
}

const KEPT_REASONS: Readonly<Record<KeptRun['reason'], string>> = {
  young: 'ended not long enough ago',
  unfinished: 'is not finished',
  needed: 'refused inputs: to sweep what killed attempts left of them takes its plan',
  damaged: 'is not whole',
};

/** What `gc` removed, or would remove, for people. */
export function gcText({ removed, runs, kept }: GcSummary): string {
  const sizeOf = ({ objects, bytes }: { objects: number; bytes: number }): string =>
    `${countOf(objects, 'object')}, ${bytesText(bytes)}`;
  const sum = (of: (run: GcSummary['runs'][number]) => number): number =>
    runs.reduce((total, run) => total + of(run), 0);
  const total = sizeOf({ objects: sum(({ objects }) => objects), bytes: sum(({ bytes }) => bytes) });
  const first =
    runs.length === 0
      ? 'nothing to remove'
      : `${removed ? 'removed' : 'would remove'} ${total} of ${countOf(runs.length, 'finished run')}`;
  return [
    `${first}${removed || runs.length === 0 ? '' : '; --delete does it'}`,
    ...runs.flatMap((run) => [
      `  run ${run.runId}: ${sizeOf(run)}`,
      ...run.kinds.map((found) => `    ${found.kind.padEnd(12)}${sizeOf(found)}`),
    ]),
    ...kept.map(({ runId, reason, detail }) =>
      [
        `  run ${runId} is kept: it ${KEPT_REASONS[reason]}`,
        ...(detail === undefined ? [] : [`(${detail})`]),
      ].join(' '),
    ),
  ].join('\n');
}
