import { OutOfMemoryError, sumLedger } from '@winnow/core';
import { KernelSupply } from '../../src/kernel-supply.ts';
import { doShards } from '../do-shards.ts';
import { rowsOf } from '../outcome.ts';
import { prepareRun, receiptsOf, withFolder, writeFiles } from '../prepared-run.ts';
import type { FuzzCase } from './fuzz-case.ts';

/** What the process may use, as far as it is asked: windows of zstd that are larger end with a word. */
const MEMORY_MIB = 512;
/** Of the process: what one case leaves in them must not harm the next. */
const kernels = new KernelSupply();
/** Beside the input: whatever is wrong with one, the others are done. */
const OTHER = '{"id":1}\n{"id":2}\n';

/**
 * Takes an input all the way: planned, decoded, read, written, accounted for. Gives what is wrong with that; undefined where
 * nothing is.
 */
export async function runCase({ bytes, unitBytes, recordsPath }: FuzzCase): Promise<string | undefined> {
  let problem: string | undefined;
  await withFolder(async (folder) => {
    try {
      await writeFiles(folder, { 'in/a': bytes, ...(recordsPath === undefined ? { 'in/b': OTHER } : {}) });
      problem = await accountOf(folder, unitBytes, recordsPath);
    } catch (error) {
      // The run would give it more memory.
      if (error instanceof OutOfMemoryError) return;
      problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
  });
  return problem;
}

async function accountOf(
  folder: string,
  unitBytes: number,
  recordsPath: string | undefined,
): Promise<string | undefined> {
  const prepared = await prepareRun(folder, {
    ...{ unitBytes, unitsPerShard: 3, maxRecordBytes: 4096 },
    ...(recordsPath === undefined ? {} : { recordsPath }),
  });
  await doShards(prepared, { memoryMiB: MEMORY_MIB, kernels });
  const { plan } = prepared.run;
  const { sums } = await sumLedger(prepared.output, prepared.run);
  const [first] = sums.problems.first;
  if (first !== undefined) return first.message;
  if (sums.missing.total > 0) return `${sums.missing.total} of ${plan.units} units are not committed`;
  const accounted = sums.bytes.read + sums.bytes.refused;
  if (accounted !== plan.bytes) return `${accounted} bytes read and refused of ${plan.bytes}`;
  const { read, written, quarantined } = sums.records;
  if (read !== written + quarantined)
    return `${read} records: ${written} written, ${quarantined} quarantined`;
  if (recordsPath === undefined && written < 2) return 'the other input is lost';
  let rows = 0;
  for (let unit = 0; unit < plan.units; unit++)
    for (const receipt of await receiptsOf(prepared, unit)) rows += (await rowsOf(prepared, receipt)).length;
  return rows === written ? undefined : `${written} records written, its parts hold ${rows} rows`;
}
