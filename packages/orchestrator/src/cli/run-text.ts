import { bytesText, countOf, countText } from '../report/figures.ts';
import type { Cancellation, RunStatus, Verification } from '../operations/operations.ts';

/** A run's status for people. */
export function statusText({ runId, state, units, records, bytes, submissions }: RunStatus): string {
  return [
    `run ${runId}: ${state}`,
    `  units    ${countText(units.committed)} of ${countText(units.total)} committed`,
    `  records  ${countText(records.read)} read = ${countText(records.written)} written + ${countText(records.filtered)} filtered + ${countText(records.quarantined)} quarantined`,
    `  bytes    ${bytesText(bytes.read)} read and ${bytesText(bytes.refused)} refused of ${bytesText(bytes.planned)}, ${bytesText(bytes.written)} written`,
    `  started  ${countOf(submissions, 'time')}`,
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
export function verificationText({ runId, receipts, parts, rows, bytes, problems }: Verification): string {
  const checked = `${countOf(receipts, 'receipt')}, ${countOf(parts, 'part')}, ${countOf(rows, 'row')}, ${bytesText(bytes)}`;
  if (problems.length === 0) return `run ${runId} is whole: ${checked} checked`;
  return [
    `run ${runId} has ${countOf(problems.length, 'problem')} (${checked} checked)`,
    ...problems.map((problem) => `  ${problem}`),
  ].join('\n');
}
