import { readJson, report as reportShape, runKeys, type Report } from '@winnow/core';
import type { RunPlace } from '../run-place.ts';

const LOOK_MS = 1000;
/** Longer than any close takes that is not stuck; then it is closed once more, which harms nothing. */
const LOOKS = 120;

/** The report that another process writes of the run, since that time; undefined where it does not come. */
export async function closedReport(
  { output, run, sleep }: Pick<RunPlace, 'output' | 'run' | 'sleep'>,
  since: Date,
  signal: AbortSignal,
): Promise<Report | undefined> {
  for (let look = 0; look < LOOKS; look++) {
    const report = await readJson(output, runKeys(run.runId).report, reportShape);
    if (report !== undefined && report.time.endedAt >= since.toISOString()) return report;
    await sleep(LOOK_MS, signal);
  }
  return undefined;
}
