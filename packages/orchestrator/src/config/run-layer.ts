import { HASHED_FIELDS, type RunFile } from '@winnow/core';
import type { Layer } from './layers.ts';

const NOT_CARRIED: readonly string[] = ['schema', 'unitBytes'];

/**
 * The layer of a run that was planned before: what decided its bytes, so that what is done with its output needs no flag said
 * again. Left out are its schema, whose columns are in `run.json`; the size of its units, which went by its inputs; and settings,
 * which are a submission's.
 */
export function runLayer({
  runId,
  source,
  spec,
  frozen,
}: Pick<RunFile, 'runId' | 'source' | 'spec' | 'frozen'>): Layer {
  const hasLevels = frozen.format === 'parquet' && frozen.codec === 'zstd';
  const given = HASHED_FIELDS.filter(
    (field) => !NOT_CARRIED.includes(field) && (field !== 'level' || hasLevels),
  );
  return {
    values: { ...Object.fromEntries(given.map((field) => [field, spec[field]])), source },
    nameOf: (field) => `${field} of run ${runId}`,
  };
}
