/**
 * What an orchestrator takes for a run of a million shards on AWS Batch: calls and memory. Planning, submitting, watching,
 * reading every receipt and closing are the product's own; AWS Batch and the receipts are made up in the process. Exits 1
 * beyond what is promised.
 *
 *     npm run scale:arrays -- [--shards 1000000]
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runMeasured } from './measured-process.ts';

const MOST_SUBMITS = 110;
const MOST_CALLS_A_ROUND = 2;
const MOST_BYTES = 300e6;

const { values } = parseArgs({ options: { shards: { type: 'string', default: '1000000' } } });
const once = fileURLToPath(new URL('scale-arrays-once.ts', import.meta.url));
const { exitCode, stdout, wallSeconds, cpuSeconds, peakBytes } = await runMeasured([once, values.shards]);

interface Outcome {
  readonly submits: number;
  readonly rounds: number;
  readonly mostCallsARound: number;
  readonly marks: Readonly<Record<string, number>>;
  readonly state: string;
  readonly units: number;
}

const problems: string[] = [];
const expect = (holds: boolean, problem: string): void => {
  if (!holds) problems.push(problem);
};
expect(exitCode === 0, 'the run failed');
expect(peakBytes <= MOST_BYTES, `the orchestrator took more than ${MOST_BYTES / 1e6} MB`);
if (exitCode === 0) {
  const outcome = JSON.parse(stdout) as Outcome;
  console.log(JSON.stringify(outcome));
  expect(outcome.submits <= MOST_SUBMITS, `more than ${MOST_SUBMITS} SubmitJob calls`);
  expect(outcome.mostCallsARound <= MOST_CALLS_A_ROUND, `more than ${MOST_CALLS_A_ROUND} calls in a round`);
  expect(outcome.state === 'succeeded' && outcome.units === Number(values.shards), 'not all is committed');
}
console.log(
  `${values.shards} shards: ${wallSeconds.toFixed(0)} s, ${cpuSeconds.toFixed(0)} s CPU, peak ${(peakBytes / 1e6).toFixed(0)} MB`,
);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
