import { ConfigurationError, type Report } from '@winnow/core';
import type { Hooks, RunReference } from '../operations/operations.ts';
import { openStoredRun, readReport } from './stored-run.ts';

/** The report of a run that ended. */
export async function runReport(reference: RunReference, { cwd }: Pick<Hooks, 'cwd'>): Promise<Report> {
  const stored = await openStoredRun(reference, cwd);
  const report = await readReport(stored);
  if (report) return report;
  throw new ConfigurationError(`run ${stored.run.runId} has no report yet`, {
    hint: 'see winnow status, or run its command again to finish it',
  });
}
