import {
  ConfigurationError,
  readIntent,
  readSubmittedJob,
  runKeys,
  runUri,
  shardCount,
  submissionNumbers,
  sumLedger,
  type RunFile,
  type Storage,
} from '@winnow/core';
import type { ArrayJobs } from '../../backend/array-backend.ts';
import type { RunEvent } from '../../events.ts';
import type { Follower } from '../follow-receipts.ts';
import { arraysEvent } from './array-progress.ts';
import { liveArray, seen, type LiveArray } from './live-array.ts';
import { unfinishedIndices } from './shard-receipts.ts';
import { ToldUnits } from './told-units.ts';

const POLL_MS = 10_000;

/** Follows the arrays of a run, whoever submits them. */
export interface ArrayFollower extends Follower {
  /** Arrays that were submitted and have not ended, as far as is known. */
  readonly live: number;
}

/**
 * Follows a run by the arrays of its submissions: how far each is the service tells; the receipts of one are read once,
 * when it has ended or was judged. Where the service tells this machine nothing (no permission), that alone shows.
 */
export function followArrays(
  output: Storage,
  run: RunFile,
  jobs: Pick<ArrayJobs, 'poll'>,
  now: () => Date,
  tell: (event: RunEvent) => void,
): ArrayFollower {
  const keys = runKeys(run.runId);
  const known = new Set<number>();
  let live: LiveArray[] = [];
  let begun: { ledger: Awaited<ReturnType<typeof sumLedger>>; told: ToldUnits } | undefined;
  let isMute = false;

  /** Takes up submissions that are new, as soon as their job is known. */
  async function takeUp(): Promise<void> {
    for (const n of await submissionNumbers(output, keys)) {
      if (known.has(n)) continue;
      const intent = await readIntent(output, keys, n);
      const submitted = await readSubmittedJob(output, keys, n);
      if (intent.job === undefined) known.add(n);
      if (intent.job === undefined || submitted === undefined) continue;
      known.add(n);
      live.push(liveArray({ ...intent, job: intent.job }, submitted.jobId, now().getTime()));
    }
  }

  async function pollJobs(): Promise<void> {
    if (isMute || live.length === 0) return;
    try {
      const counts = await jobs.poll(live.map(({ jobId }) => jobId));
      for (const array of live) seen(array, counts.get(array.jobId), now().getTime());
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      isMute = true;
      tell({ kind: 'warning', message: `${error.message}: only what is in the run directory is shown` });
    }
  }
  return {
    pollMs: POLL_MS,
    get live() {
      return live.length;
    },
    begin: async () => {
      const ledger = await sumLedger(output, run);
      begun = { ledger, told: new ToldUnits(ledger, run.plan.units) };
      await takeUp();
      const { units, inputs, bytes, decoded } = run.plan;
      tell({
        kind: 'planned',
        runId: run.runId,
        directory: runUri(output.uri, run.runId),
        units,
        shards: live[0] ? shardCount(live[0].intent.grouping) : 0,
        ...{ inputs, bytes, decoded },
        already: {
          units: ledger.sums.units.committed,
          records: ledger.sums.records.read,
          decoded: ledger.sums.bytes.decoded,
        },
      });
    },
    look: async () => {
      if (begun === undefined) return;
      const { ledger, told } = begun;
      await takeUp();
      await pollJobs();
      const judged = new Set<number>();
      for (const { submission } of live)
        if ((await output.stat(keys.outcome(submission))) !== undefined) judged.add(submission);
      const isOver = ({ submission, counts }: LiveArray): boolean =>
        judged.has(submission) || counts?.ended === true;
      const over = live.filter(isOver);
      live = live.filter((array) => !isOver(array));
      tell(arraysEvent({ ledger }, live, 0));
      for (const { intent } of over) await unfinishedIndices({ run, output, tell }, told, intent);
    },
  };
}
