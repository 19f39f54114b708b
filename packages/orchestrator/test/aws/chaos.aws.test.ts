import { afterEach, describe, expect, test } from '@jest/globals';
import type { Report } from '@winnow/core';
import { FAULT_KINDS } from '@winnow/testing';
import { createRandom } from '../../src/sample/random.ts';
import { startBatchRuns, type BatchRuns } from './batch-runs.ts';
import { BUCKET } from './cloud.ts';
import { MischiefMaker, type Mischief } from './mischief.ts';

/** How many seeds are tried, from the first one on: the long run has more. */
const ROUNDS = Number(process.env['WINNOW_CHAOS_ROUNDS'] ?? 2);
const FIRST_SEED = Number(process.env['WINNOW_CHAOS_SEED'] ?? 1);
const SEEDS = Array.from({ length: ROUNDS }, (_, n) => FIRST_SEED + n);
const PLANNED: Mischief = {
  reclaimed: 6,
  'container killed': 4,
  'command killed': 4,
  'command interrupted': 2,
};
/** Commands in a round before it counts as one that comes to no end. */
const MOST_COMMANDS = 40;

let runs: BatchRuns | undefined;
afterEach(async () => {
  await runs?.stop();
  runs = undefined;
});

describe('whatever happens on the way', () => {
  test.each(SEEDS)(
    'a twentieth of all requests fails, containers and commands are killed: the same output (seed %d)',
    async (seed) => {
      runs = await startBatchRuns({
        faults: { seed, share: 0.05, batchShare: 0.2, submitLostReplies: 0.3, stallMs: 300 },
        unseenLooks: 1,
        graceSeconds: 5,
      });
      const { cloud, folder } = runs;
      const fallback = ['--fallback-queue', cloud.prepared.fallbackQueue];
      const args = ['run', ...runs.on('chaos', '--shard-units', '2', ...fallback), '--json'];
      const mischief = new MischiefMaker(cloud.aws, createRandom(seed), PLANNED);
      let last = await disturbed();
      let commands = 1;
      for (; last.code !== 0 && commands < MOST_COMMANDS; commands++) last = await disturbed();
      expect(last).toMatchObject({ code: 0, signal: null });

      // The command that was to tell of the end may itself have been killed after it: the report stands.
      const told = await cloud.winnow(['report', `s3://${BUCKET}/chaos`, '--json'], folder);
      const report = JSON.parse(told.stdout) as Report;
      await runs.expectUndisturbed('chaos', report);
      expect(commands).toBeGreaterThan(1);
      const faults = cloud.aws.faultCounts();
      console.info(
        `seed ${seed}: ${commands} commands, ${JSON.stringify(mischief.done)}, ${report.attempts.total} attempts, ` +
          `${JSON.stringify(faults)} of ${cloud.aws.requests()} requests`,
      );
      expect(FAULT_KINDS.filter((kind) => faults[kind] > 0).length).toBeGreaterThanOrEqual(5);

      async function disturbed() {
        const command = cloud.start(args, folder);
        await mischief.disturb(command);
        return command.ended;
      }
    },
  );
});
