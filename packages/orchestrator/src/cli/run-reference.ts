import { ConfigurationError, WINNOW_FOLDER } from '@winnow/core';
import type { RunReference } from '../operations/operations.ts';

/** What people name a run by: its output, or its run directory `<output>/_winnow/<runId>`. */
export function runReference(path: string | undefined, runId: string | undefined): RunReference {
  if (path === undefined || path === '')
    throw new ConfigurationError('no output is named', { hint: 'give the output folder of the run' });
  const trimmed = path.replace(/(?<=.)\/+$/, '');
  const [, output = '', inPath] = new RegExp(`^(?:(.*)/)?${WINNOW_FOLDER}/([^/]+)$`).exec(trimmed) ?? [];
  if (inPath === undefined) return runId === undefined ? { output: trimmed } : { output: trimmed, runId };
  if (runId !== undefined && runId !== inPath)
    throw new ConfigurationError(`${path} and --run ${runId} name different runs`, {
      hint: 'leave one of them out',
    });
  return { output: output === '' ? (trimmed.startsWith('/') ? '/' : '.') : output, runId: inPath };
}
