/**
 * How planning and accounting grow with the number of inputs: makes many small NDJSON files, runs the built CLI over
 * them and tells what its process took. Exits 1 where one planned in more memory than promised, or lost a record.
 *
 *     npm run scale -- [--files 1000000] [--flat] [--bytes 40-40] [--folder FOLDER] [--plan-only] [--concurrency 2] [--layout mirror]
 *
 * A `--folder` is filled where it is not there yet and stays; without it a temporary one is made and removed.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runMeasured, type MeasuredProcess } from './measured-process.ts';
import { makeTinyFiles } from './tiny-files.ts';

/** "Planning streams: 1,000,000 inputs in <= 300 MB." */
const MOST_PLANNING_BYTES = 300e6;
const CLI = fileURLToPath(new URL('../../packages/orchestrator/bin/winnow.js', import.meta.url));

const { values } = parseArgs({
  options: {
    files: { type: 'string', default: '1000000' },
    bytes: { type: 'string', default: '40-40' },
    flat: { type: 'boolean', default: false },
    folder: { type: 'string' },
    'plan-only': { type: 'boolean', default: false },
    concurrency: { type: 'string', default: '2' },
    layout: { type: 'string', default: 'parts' },
  },
});

function sizesOf(text: string): [number, number] {
  const [least = NaN, most = least] = text.split('-').map(Number);
  if (least >= 1 && most >= least) return [least, most];
  throw new Error(`--bytes must be like 60 or 200-2000, got ${text}`);
}

function makeInputs(folder: string): void {
  const startedAt = performance.now();
  const made = makeTinyFiles(folder, {
    files: Number(values.files),
    bytes: sizesOf(values.bytes),
    flat: values.flat,
  });
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(
    `made     ${values.files} files, ${made.records} records, ${made.bytes} bytes in ${seconds.toFixed(0)} s`,
  );
}

async function winnow(name: string, ...args: string[]): Promise<MeasuredProcess> {
  const measured = await runMeasured([CLI, name, ...args, '--json']);
  const { exitCode, wallSeconds, cpuSeconds, peakBytes } = measured;
  console.log(
    `${name.padEnd(8)} ${wallSeconds.toFixed(1)} s, ${cpuSeconds.toFixed(1)} s CPU, ` +
      `peak ${(peakBytes / 1e6).toFixed(0)} MB, exit code ${exitCode ?? 'none'}`,
  );
  return measured;
}

interface RunCounts {
  readonly inputs: { readonly total: number; readonly done: number };
  readonly records: { readonly read: number; readonly written: number };
}

/** What went wrong, a line each. */
async function measure(source: string, output: string): Promise<string[]> {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(problem);
  };
  const plan = await winnow('plan', '--source', source, '--layout', values.layout);
  expect(plan.exitCode === 0, 'plan failed');
  expect(plan.peakBytes <= MOST_PLANNING_BYTES, `plan took more than ${MOST_PLANNING_BYTES / 1e6} MB`);
  if (values['plan-only']) return problems;
  const run = await winnow(
    'run',
    ...['--source', source, '--output', output, '--layout', values.layout],
    ...['--concurrency', values.concurrency, '--log-level', 'error'],
  );
  expect(run.exitCode === 0, 'run failed');
  expect(run.peakBytes <= MOST_PLANNING_BYTES, `run took more than ${MOST_PLANNING_BYTES / 1e6} MB`);
  if (run.exitCode === 0) {
    const { inputs, records } = JSON.parse(run.stdout) as RunCounts;
    const speed = (count: number): string => (count / run.wallSeconds).toFixed(0);
    console.log(
      `         ${inputs.done} of ${inputs.total} inputs (${speed(inputs.done)} a second), ` +
        `${records.written} of ${records.read} records (${speed(records.read)} a second)`,
    );
    expect(inputs.done === inputs.total && records.written === records.read, 'run left something out');
  }
  const verify = await winnow('verify', output);
  expect(verify.exitCode === 0, 'verify found a problem');
  return problems;
}

const scratch = mkdtempSync(join(tmpdir(), 'winnow-scale-'));
try {
  const source = values.folder ?? join(scratch, 'in');
  if (existsSync(source)) console.log(`reused   ${source}`);
  else makeInputs(source);
  const problems = await measure(source, join(scratch, 'out'));
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
