import { countOf, durationText } from '../../report/figures.ts';
import { finding, ok, type Finding } from '../finding.ts';
import { COMMON_CAUSES, decodeRunnable } from './runnable-reason.ts';
import type { WaitingJobs } from './waiting-jobs.ts';

const CHECK = 'runnable jobs';

/**
 * What becomes of the jobs that are RUNNABLE, a line for each thing that AWS says of them. Where it says nothing:
 *
 * | some run | first waits for  | then                              |
 * |----------|------------------|-----------------------------------|
 * | yes      | any time         | ok: they wait for their turn      |
 * | no       | not longer than  | ok: containers take a while       |
 * | no       | longer           | warning, with the common causes   |
 *
 * @param patienceMs how long a job may wait without any that runs
 */
export function waitingFindings(
  queue: string,
  { runnable, more, running, since, reasons }: WaitingJobs,
  patienceMs: number,
  nowMs: number,
): Finding[] {
  if (runnable === 0) return [ok(CHECK, `no job of ${queue} waits for a place`)];
  const many = `${more ? 'at least ' : ''}${countOf(runnable, 'job')} of ${queue}`;
  const waitsMs = Math.max(0, nowMs - (since ?? nowMs));
  const what = `${many} ${runnable === 1 ? 'waits' : 'wait'} for a place, the first for ${durationText(waitsMs / 1000)}`;
  const decoded = new Map(reasons.map(decodeRunnable).map((reason) => [reason.message, reason]));
  if (decoded.size > 0)
    return [...decoded.values()].map(({ state, message, hint }) =>
      finding(CHECK, state, `${what}: ${message}`, hint),
    );
  if (running > 0) return [ok(CHECK, `${what}: their turn comes, ${running} run or start`)];
  if (waitsMs <= patienceMs) return [ok(CHECK, `${what}: none runs yet, which may take minutes`)];
  return [finding(CHECK, 'warning', `${what}, none runs, and AWS gives no reason`, COMMON_CAUSES)];
}
