/**
 * Kills, stops and starves runs on this machine and proves that the same command again comes to the same bytes:
 *
 *     npm run chaos -- [--seed 1] [--kills 50] [--keep] [--json]
 *
 * Exit code 0: nothing differed; 1: something did, the folders of those jobs are kept; 2: usage; 130, 143: interrupted.
 */
import { mkdtemp, mkdir, realpath, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, parseChaosArguments, type ChaosArguments } from './arguments.ts';
import { doJob, removeJob, type JobResult } from './job.ts';
import { drawScenario, type Scenario } from './scenario.ts';
import { summaryOf, summaryText } from './summary.ts';

/** Jobs in which nothing was killed, one after the other, before this counts as a harness that does nothing. */
const MOST_IDLE = 3;

async function chaos({ seed, kills, keep, json }: ChaosArguments, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  const root = await realpath(await mkdtemp(join(tmpdir(), 'winnow-chaos-')));
  const jobs: JobResult[] = [];
  const killed = (): number => summaryOf(seed, jobs, 0).kills.total;
  for (let idle = 0; killed() < kills && idle < MOST_IDLE && !signal.aborted;) {
    const scenario = drawScenario(seed + jobs.length);
    const folder = join(root, `seed-${scenario.seed}`);
    await mkdir(folder);
    const before = killed();
    const job = await untilAborted(doJob(folder, scenario, { mostKills: kills - before, signal }), signal);
    if (job !== undefined) jobs.push(job);
    if (!keep && (job === undefined || job.problems.length === 0)) await removeJob(folder);
    if (job === undefined) break;
    idle = killed() === before ? idle + 1 : 0;
    console.error(`chaos: ${jobText(job, scenario)}, ${killed()} of ${kills} kills`);
  }
  await rmdir(root).catch(() => undefined);
  const summary = summaryOf(seed, jobs, (performance.now() - startedAt) / 1000);
  console.log(json ? JSON.stringify(summary) : summaryText(summary));
  if (signal.aborted) return signal.reason === 'SIGTERM' ? 143 : 130;
  if (killed() < kills) console.error(`chaos: only ${killed()} of ${kills} processes could be killed`);
  return summary.problems.length === 0 && killed() >= kills ? 0 : 1;
}

/** Undefined for a job that was broken off. */
async function untilAborted(job: Promise<JobResult>, signal: AbortSignal): Promise<JobResult | undefined> {
  try {
    return await job;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function jobText({ commands, hadRealDisk, problems }: JobResult, scenario: Scenario): string {
  const { seed, layout, faultOneIn, smallDisk } = scenario;
  const faults = faultOneIn === 0 ? 'no faults' : `faults 1 in ${faultOneIn}`;
  const disk = smallDisk ? `, ${hadRealDisk ? 'small disk' : 'disk said to be full'}` : '';
  return `seed ${seed} (${layout}, ${faults}${disk}): ${commands} commands, ${problems.length} differences`;
}

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort(name));
try {
  process.exitCode = await chaos(parseChaosArguments(process.argv.slice(2)), stop.signal);
} catch (error) {
  console.error(`chaos: ${(error as Error).message}`);
  process.exitCode = error instanceof ArgumentError ? 2 : 1;
}
