import { counted } from '../counted.ts';
import type { LedgerSums } from '../ledger/sums.ts';
import { isBalanced, isComplete } from '../ledger/sums.ts';
import { REPORT_LIST_ENTRIES } from '../shapes/report.ts';
import type { Report, RunState } from '../shapes/report.ts';
import type { RunFile } from '../shapes/run.ts';
import { judgeQuarantine } from './quarantine-limit.ts';
import type { QuarantineLimit } from '../shapes/submission.ts';

/** What a report tells that no receipt holds: the caller knows it from attempts, submissions and its clock. */
export interface ReportFacts {
  readonly shards: { readonly total: number; readonly failed: number };
  readonly attempts: Report['attempts'];
  /** Left out where no attempt told. */
  readonly memory?: Report['memory'];
  readonly time: Report['time'];
  readonly cost: Report['cost'];
  readonly maxQuarantined: QuarantineLimit;
  /** Ended by `winnow cancel`. */
  readonly cancelled: boolean;
  /** More lines for people: failures of shards, warnings. */
  readonly problems: readonly string[];
}

/** The lists of a report as far as they fit into it. */
export interface ReportLists {
  readonly parts: Report['parts'];
  readonly refused: Report['inputs']['refused'];
}

/**
 * The state of a run, see {@link RUN_STATES}:
 *
 * | all units committed | adds up | refusals, or quarantine beyond the limit | cancelled | state     |
 * |---------------------|---------|------------------------------------------|-----------|-----------|
 * | yes                 | yes     | no                                       |           | succeeded |
 * | yes                 | yes     | yes                                      |           | partial   |
 * | yes                 | no      |                                          |           | failed    |
 * | no                  |         |                                          | yes       | cancelled |
 * | no                  |         |                                          | no        | failed    |
 */
export function runState(
  sums: LedgerSums,
  facts: Pick<ReportFacts, 'maxQuarantined' | 'cancelled'>,
): RunState {
  if (!isComplete(sums)) return facts.cancelled ? 'cancelled' : 'failed';
  if (!isBalanced(sums)) return 'failed';
  const beyond = judgeQuarantine(facts.maxQuarantined, sums.records, true) === 'beyond';
  return beyond || sums.refusals.total > 0 ? 'partial' : 'succeeded';
}

/** Puts the report together: data to data. */
export function makeReport(run: RunFile, sums: LedgerSums, facts: ReportFacts, lists: ReportLists): Report {
  const complete = isComplete(sums);
  return {
    runId: run.runId,
    state: runState(sums, facts),
    balanced: isBalanced(sums),
    records: sums.records,
    skipped: sums.skipped,
    inputs: { total: run.plan.inputs, done: sums.inputs.done, refused: lists.refused },
    // Units without receipt are planned too.
    bytes: complete ? sums.bytes : { ...sums.bytes, planned: run.plan.bytes },
    units: sums.units,
    // Receipts beat job states: where every unit is committed no shard has failed.
    shards: complete ? { ...facts.shards, failed: 0 } : facts.shards,
    attempts: facts.attempts,
    ...(facts.memory === undefined ? {} : { memory: facts.memory }),
    parts: lists.parts,
    drift: driftList(run, sums).slice(0, REPORT_LIST_ENTRIES),
    ...(sums.diagnostics.size === 0 ? {} : { diagnostics: diagnosticList(sums) }),
    quarantine: quarantineList(sums),
    metrics: {},
    cost: facts.cost,
    time: facts.time,
    problems: [...ledgerLines(sums, facts), ...facts.problems].slice(0, REPORT_LIST_ENTRIES),
  };
}

/** All of it, the most frequent first. */
export const driftList = (run: RunFile, sums: LedgerSums): Report['drift'] =>
  [...sums.drift.values()]
    .map((fact) => ({ ...fact, policy: run.frozen.drift }))
    .sort((a, b) => b.records - a.records || (a.key < b.key ? -1 : 1));

/** The most frequent first. Codes are few: each is a rule. */
const diagnosticList = (sums: LedgerSums): NonNullable<Report['diagnostics']> =>
  [...sums.diagnostics.values()].sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));

/** The most frequent first. Reasons are few: each is a rule. */
export const quarantineList = (sums: LedgerSums): Report['quarantine'] =>
  [...sums.quarantine]
    .map(([reason, records]) => ({ reason, records }))
    .sort((a, b) => b.records - a.records || (a.reason < b.reason ? -1 : 1));

function ledgerLines(sums: LedgerSums, facts: ReportFacts): string[] {
  const { missing, problems, units, refusals, records } = sums;
  const lines = problems.first.map(({ message }) => message);
  if (problems.total > lines.length)
    lines.push(`${counted(problems.total - lines.length, 'more problem', 'more problems')} like these`);
  if (missing.total > 0) {
    const first = missing.first.slice(0, 10).join(', ');
    const which =
      missing.total === 1 ? `is not committed: ${first}` : `are not committed, the first of them: ${first}`;
    lines.push(`${missing.total} of ${counted(units.total, 'unit')} ${which}`);
  }
  if (refusals.total > 0) lines.push(`${counted(refusals.total, 'refusal')} of inputs: see inputs.refused`);
  if (judgeQuarantine(facts.maxQuarantined, records, true) === 'beyond')
    lines.push(
      `${records.quarantined} of ${counted(records.read, 'record')} quarantined, ${limitText(facts.maxQuarantined)} allowed`,
    );
  return lines;
}

const limitText = (limit: QuarantineLimit): string =>
  'records' in limit ? `${limit.records} (--max-quarantined)` : `${limit.share * 100} % (--max-quarantined)`;
