/**
 * NDJSON → Parquet on one core, Winnow's kernels against DuckDB, as CPU seconds of whole processes (Node's start
 * included), interleaved: only the ratios of one run mean anything.
 *
 *     npm run bench -- [--mb 128] [--rounds 3]
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DATASETS, writeDataset } from './datasets.ts';

interface Measured {
  readonly rows: number;
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '128' }, rounds: { type: 'string', default: '3' } },
});
const folder = mkdtempSync(join(tmpdir(), 'winnow-bench-'));

function measure(program: string, dataset: string, input: string): Measured {
  const output = join(folder, `${program}.parquet`);
  const file = new URL(`${program}-once.ts`, import.meta.url).pathname;
  const printed = execFileSync(process.execPath, [file, dataset, input, output], { encoding: 'utf8' });
  return { ...(JSON.parse(printed) as Measured) };
}

const median = (numbers: number[]): number => numbers.sort((a, b) => a - b)[numbers.length >> 1] ?? 0;

try {
  for (const dataset of Object.keys(DATASETS)) {
    const input = join(folder, `${dataset}.ndjson`);
    writeDataset(dataset, input, Number(values.mb) * 1e6);
    const ratios: number[] = [];
    for (let round = 1; round <= Number(values.rounds); round++) {
      const winnow = measure('winnow', dataset, input);
      const duckdb = measure('duckdb', dataset, input);
      if (winnow.rows !== duckdb.rows) throw new Error(`rows differ: ${winnow.rows} and ${duckdb.rows}`);
      ratios.push(duckdb.cpuSeconds / winnow.cpuSeconds);
      console.log(
        `${dataset} round ${round}: winnow ${winnow.cpuSeconds.toFixed(2)} s ${winnow.peakMiB} MiB, ` +
          `duckdb ${duckdb.cpuSeconds.toFixed(2)} s ${duckdb.peakMiB} MiB`,
      );
    }
    const mb = (statSync(input).size / 1e6).toFixed(0);
    console.log(
      `${dataset}: ${mb} MB, winnow is ${median(ratios).toFixed(2)} x as fast as duckdb (median)\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true });
}
