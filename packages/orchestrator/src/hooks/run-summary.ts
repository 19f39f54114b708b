import { runKeys, type Report } from '@winnow/core';

const REFUSALS_SHOWN = 10;
const PROBLEMS_SHOWN = 20;
/** All of it must fit into a message of SNS or EventBridge, 256 KiB. */
const PROBLEM_CHARACTERS = 1000;

/** What hooks are told of a run that ended: its report without the long lists. */
export interface RunSummary extends Pick<
  Report,
  'runId' | 'state' | 'balanced' | 'records' | 'bytes' | 'units' | 'shards' | 'attempts' | 'cost' | 'time'
> {
  /** `refusals`: how many entries the report lists, 1,000 at most; `refused`: the first of them. */
  readonly inputs: Pick<Report['inputs'], 'total' | 'done' | 'refused'> & { readonly refusals: number };
  /** The first lines of what went wrong. */
  readonly problems: readonly string[];
  /** URI of the output. */
  readonly output: string;
  /** URI of `report.json`. */
  readonly report: string;
}

export function runSummary(report: Report, output: string): RunSummary {
  const { runId, state, balanced, records, bytes, units, shards, attempts, cost, time } = report;
  const { total, done, refused } = report.inputs;
  return {
    ...{ runId, state, balanced, records },
    inputs: { total, done, refusals: refused.length, refused: refused.slice(0, REFUSALS_SHOWN) },
    ...{ bytes, units, shards, attempts, cost, time },
    problems: report.problems.slice(0, PROBLEMS_SHOWN).map((line) => line.slice(0, PROBLEM_CHARACTERS)),
    output,
    report: `${output}/${runKeys(runId).report}`,
  };
}
