import { expect, test } from '@jest/globals';
import { doShard } from './do-shards.ts';
import { prepareRun, receiptsOf, withFolder, writeFiles } from './prepared-run.ts';
import { longInput } from './started-worker.ts';

const MIB = 2 ** 20;

/** 79 MB of lines: up to 64 MiB no ratio is judged. */
const INPUT = longInput(20);
const DECODED = 20 * 32_000 * `{"id":1,"name":"${'x'.repeat(100)}"}\n`.length;

test.each([
  ['in one piece', 1024 * MIB, false],
  ['in sub-units', 16 * MIB, true],
])('the ratio is that of the stored bytes of the input, read %s', (_, unitBytes, isCut) =>
  withFolder(async (folder) => {
    await writeFiles(folder, { 'in/a': INPUT });
    // One more than the input has, and one in the middle between 64 MiB and all of it.
    const enough = Math.ceil(DECODED / INPUT.length);
    const tooLow = Math.floor((70 * MIB) / INPUT.length);
    const whole = await prepareRun(folder, { unitBytes, maxInputRatio: enough, output: 'whole' });
    await doShard(whole, 0);
    const all = await receiptsOf(whole, 0);
    expect(all.length > 1).toBe(isCut);
    expect(all.reduce((sum, { bytes }) => sum + bytes.decoded, 0)).toBe(DECODED);
    expect(all.at(-1)).toMatchObject({ last: true, refused: [] });

    const over = await prepareRun(folder, { unitBytes, maxInputRatio: tooLow, output: 'over' });
    await doShard(over, 0);
    const kept = await receiptsOf(over, 0);
    const most = tooLow * INPUT.length;
    expect(most).toBeGreaterThan(64 * MIB);
    expect(kept.at(-1)?.refused).toMatchObject([{ input: 'a', reason: 'over-limit' }]);
    const decoded = kept.reduce((sum, { bytes }) => sum + bytes.decoded, 0);
    expect(decoded).toBeLessThanOrEqual(most);
    expect(decoded).toBeGreaterThan(most - 200);
  }),
);
