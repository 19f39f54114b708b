/**
 * Whether `--memory` holds: makes inputs that are hard on memory, runs the built CLI over each with one worker and
 * tells the most resident memory that the worker ever had, as the system says and as its attempt record says. Exits 1
 * where a record is missing, the two disagree or the limit did not hold.
 *
 *     node bench/src/scale-memory.ts [--memory 512] [--case NAME]… [--gigabytes 10] [--wide]
 *
 * `--wide` measures tables of 100 to 30,000 columns instead: what `core/src/memory-class.ts` reckons with.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Attempt, Report } from '@winnow/core';
import { runMeasured } from './measured-process.ts';
import { memoryCases, wideCases, type MemoryCase } from './memory-inputs.ts';

const CLI = fileURLToPath(new URL('../../packages/orchestrator/bin/winnow.js', import.meta.url));
/** A worker writes its record before its last moments. */
const MOST_DIFFERENCE_MIB = 8;

const { values } = parseArgs({
  options: {
    memory: { type: 'string', default: '512' },
    case: { type: 'string', multiple: true },
    gigabytes: { type: 'string', default: '10' },
    wide: { type: 'boolean', default: false },
  },
});

/** The most that an attempt of the run had, by its own record. */
function recordedPeakMiB(output: string): number {
  const records = readdirSync(join(output, '_winnow'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /[/\\]attempts[/\\].*\.json$/.test(name),
  );
  return Math.max(
    0,
    ...records.map((name) => {
      const record = JSON.parse(readFileSync(join(output, '_winnow', name), 'utf8')) as Attempt;
      return record.peakMemoryMiB;
    }),
  );
}

/** What went wrong, a line each. */
async function measure({ name, file, columns, flags = [], make }: MemoryCase): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-memory-'));
  try {
    mkdirSync(join(folder, 'in'));
    const expected = await make(join(folder, 'in', file));
    const schema: string[] = [];
    if (columns) {
      writeFileSync(
        join(folder, 'schema.yaml'),
        JSON.stringify({ columns: Object.fromEntries(columns.map((column) => [column.name, column.type])) }),
      );
      schema.push('--schema', join(folder, 'schema.yaml'));
    }
    const output = join(folder, 'out');
    const run = await runMeasured([
      ...[CLI, 'run', '--source', join(folder, 'in'), '--output', output, ...schema],
      ...['--memory', values.memory, '--concurrency', '1', '--max-quarantined', '100%', '--json', ...flags],
    ]);
    const inputMb = statSync(join(folder, 'in', file)).size / 1e6;
    const workerMiB = run.childPeakBytes / 2 ** 20;
    const recordMiB = recordedPeakMiB(output);
    const report = run.stdout === '' ? undefined : (JSON.parse(run.stdout) as Report);
    console.log(
      `${name.padEnd(24)} ${inputMb.toFixed(0).padStart(6)} MB  worker ${workerMiB.toFixed(0).padStart(5)} MiB, ` +
        `recorded ${String(recordMiB).padStart(5)}  main ${(run.peakBytes / 2 ** 20).toFixed(0).padStart(4)} MiB  ` +
        `${run.wallSeconds.toFixed(0).padStart(4)} s  attempts ${report?.attempts.total ?? '?'}  ${report?.state ?? 'no report'}`,
    );
    return problemsOf(name, { report, expected, workerMiB, recordMiB });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Outcome {
  readonly report: Report | undefined;
  readonly expected: { readonly records: number; readonly quarantined: number };
  readonly workerMiB: number;
  readonly recordMiB: number;
}

function problemsOf(name: string, { report, expected, workerMiB, recordMiB }: Outcome): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string): void => {
    if (!holds) problems.push(`${name}: ${problem}`);
  };
  expect(report?.balanced === true, `the run ended ${report?.state ?? 'without a report'}`);
  if (report) {
    const { read, quarantined } = report.records;
    expect(read === expected.records, `${read} records read, ${expected.records} written by the test`);
    expect(
      quarantined === expected.quarantined,
      `${quarantined} quarantined, ${expected.quarantined} expected`,
    );
    expect(report.attempts.failed === 0, `${report.attempts.failed} attempts failed`);
  }
  expect(workerMiB <= Number(values.memory), `the worker took ${workerMiB.toFixed(0)} MiB`);
  expect(Math.abs(workerMiB - recordMiB) <= MOST_DIFFERENCE_MIB, `its record says ${recordMiB} MiB`);
  return problems;
}

const cases = values.wide ? wideCases() : memoryCases(Number(values.gigabytes));
const wanted = values.case;
const chosen = wanted ? cases.filter(({ name }) => wanted.some((part) => name.includes(part))) : cases;
if (chosen.length === 0)
  throw new Error(`--case must be part of one of ${cases.map(({ name }) => name).join(', ')}`);
const problems: string[] = [];
for (const memoryCase of chosen) problems.push(...(await measure(memoryCase)));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
