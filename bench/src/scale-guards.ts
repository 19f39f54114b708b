/**
 * Guard rails that are slow at their real size: makes the inputs, runs the built CLI over each with the default memory and
 * one worker, and tells time and memory. Exits 1 where the account, the exit code or the memory is not as it must be.
 *
 *     node bench/src/scale-guards.ts [--case NAME]… [--memory 512] [--files 100000] [--line-mib 1024] [--bomb-gib 10]
 */
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { Report } from '@winnow/core';
import { runMeasured } from './measured-process.ts';

const CLI = fileURLToPath(new URL('../../packages/orchestrator/bin/winnow.js', import.meta.url));
const MIB = 2 ** 20;

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    memory: { type: 'string', default: '512' },
    files: { type: 'string', default: '100000' },
    'line-mib': { type: 'string', default: '1024' },
    'bomb-gib': { type: 'string', default: '10' },
  },
});

/** What a run of such an input must come to. */
interface Outcome {
  readonly exitCode: number;
  readonly records: Report['records'];
  readonly inputs: number;
  readonly refused: readonly string[];
  readonly quarantine: Report['quarantine'];
}

interface GuardCase {
  readonly name: string;
  /** Fills the folder of the inputs. */
  readonly make: (folder: string) => Outcome;
}

const record = (id: number): string => `{"id":${id}}\n`;
const recordsOf = (written: number, quarantined: number): Report['records'] => ({
  ...{ read: written + quarantined, written, filtered: 0, quarantined },
});

function manyFiles(folder: string): Outcome {
  const files = Number(values.files);
  for (let id = 0; id < files; id++) writeFileSync(join(folder, `${id}.ndjson`), record(id));
  return { exitCode: 0, records: recordsOf(files, 0), inputs: files, refused: [], quarantine: [] };
}

function longLine(folder: string): Outcome {
  const file = openSync(join(folder, 'long.ndjson'), 'w');
  writeSync(file, `${record(0)}{"id":1,"text":"`);
  const piece = Buffer.alloc(MIB, 'x');
  for (let n = 0; n < Number(values['line-mib']); n++) writeSync(file, piece);
  writeSync(file, `"}\n${record(2)}`);
  closeSync(file);
  const quarantine = [{ reason: 'record-too-long', records: 1 }];
  return { exitCode: 1, records: recordsOf(2, 1), inputs: 1, refused: [], quarantine };
}

/** Members of one byte again and again, beside a good input. What is open when the limit is met is no whole record. */
function bomb(folder: string): Outcome {
  const member = gzipSync(Buffer.alloc(1024 * MIB, 'a'), { level: 9 });
  const file = openSync(join(folder, 'bomb.gz'), 'w');
  for (let n = 0; n < Number(values['bomb-gib']); n++) writeSync(file, member);
  closeSync(file);
  writeFileSync(join(folder, 'good.ndjson'), record(0) + record(1));
  const quarantine = [{ reason: 'record-too-long', records: 1 }];
  return { exitCode: 1, records: recordsOf(2, 1), inputs: 2, refused: ['over-limit'], quarantine };
}

const CASES: readonly GuardCase[] = [
  { name: 'many-files', make: manyFiles },
  { name: 'long-line', make: longLine },
  { name: 'bomb', make: bomb },
];

/** What went wrong, a line each. */
async function measure({ name, make }: GuardCase): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'winnow-guards-'));
  try {
    const [source, output] = [join(folder, 'in'), join(folder, 'out')];
    mkdirSync(source);
    const expected = make(source);
    const limits = ['--memory', values.memory, '--concurrency', '1'];
    const run = await runMeasured([CLI, 'run', '--source', source, '--output', output, ...limits, '--json']);
    const report = run.stdout === '' ? undefined : (JSON.parse(run.stdout) as Report);
    const peaks = { worker: run.childPeakBytes / MIB, command: run.peakBytes / MIB };
    console.log(
      `${name.padEnd(12)} ${run.wallSeconds.toFixed(0).padStart(4)} s  worker ${peaks.worker.toFixed(0).padStart(4)} MiB  ` +
        `command ${peaks.command.toFixed(0).padStart(4)} MiB  exit ${run.exitCode ?? '?'}  ${report?.state ?? 'no report'}`,
    );
    const found: Outcome | undefined = report && {
      exitCode: run.exitCode ?? -1,
      records: report.records,
      inputs: report.inputs.total,
      refused: report.inputs.refused.map(({ reason }) => reason),
      quarantine: report.quarantine,
    };
    return [
      ...(JSON.stringify(found) === JSON.stringify(expected)
        ? []
        : [`${name}: ${JSON.stringify(found)} found, ${JSON.stringify(expected)} expected`]),
      ...(report?.balanced === true ? [] : [`${name}: it does not balance`]),
      ...Object.entries(peaks).flatMap(([who, peakMiB]) =>
        peakMiB <= Number(values.memory) ? [] : [`${name}: the ${who} took ${peakMiB.toFixed(0)} MiB`],
      ),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = values.case;
const chosen = wanted ? CASES.filter(({ name }) => wanted.includes(name)) : CASES;
if (chosen.length === 0) throw new Error(`--case must be one of ${CASES.map(({ name }) => name).join(', ')}`);
const problems: string[] = [];
for (const guard of chosen) problems.push(...(await measure(guard)));
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
