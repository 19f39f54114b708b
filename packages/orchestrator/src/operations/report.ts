import { ConfigurationError, type Report } from '@winnow/core';
import type { Opening } from '../run/place.ts';
import type { RunReference } from '../operations/operations.ts';
import { openStoredRun, readReport } from './stored-run.ts';

/** The report of a run that ended. */
export async function runReport(reference: RunReference, opening: Opening): Promise<Report> {
  const stored = await openStoredRun(reference, opening);
  const report = await readReport(stored);
  if (report) return report;
  throw new ConfigurationError(`run ${stored.run.runId} has no report yet`, {
    hint: 'see winnow status, or run its command again to finish it',
  });
}
