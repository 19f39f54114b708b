import { expect, test } from '@jest/globals';
import { KernelSupply, RENEW_AFTER_RECORD_BYTES } from '../src/kernel-supply.ts';
import { LongestLine } from '../src/longest-line.ts';
import { doShards } from './do-shards.ts';
import { prepareRun, receiptsOf, withFolder, writeFiles } from './prepared-run.ts';

const MIB = 2 ** 20;

test('a kernel that read a record over 16 MiB is replaced, another one stays', () =>
  withFolder(async (folder) => {
    const record = (mib: number): string => `{"id":1,"name":"${'x'.repeat(mib * MIB)}"}\n`;
    await writeFiles(folder, { 'in/a': record(3), 'in/b': record(17), 'in/c': record(3) });
    const prepared = await prepareRun(folder, { unitBytes: 20 * MIB, unitsPerShard: 1 });
    expect(prepared.run.plan.units).toBe(3);
    const kernels = new KernelSupply();
    const first = kernels.kernel;
    const sizes: number[] = [];
    await doShards(prepared, {
      kernels,
      onEvent: ({ event }) => {
        if (event === 'committed') sizes.push(kernels.kernel.bytes.length / MIB);
      },
    });
    expect(first.bytes.length / MIB).toBeGreaterThan(60);
    expect(kernels.kernel).not.toBe(first);
    // After each commit: the first one's kernel goes on, the second one's does not.
    expect(sizes.map((size) => size > 1)).toEqual([true, false, true]);
    expect(sizes[2]).toBeLessThan(60);
    expect((await receiptsOf(prepared, 1)).map(({ records }) => records.written)).toEqual([1]);
    const second = kernels.kernel;
    kernels.giveBack(RENEW_AFTER_RECORD_BYTES);
    expect(kernels.kernel).toBe(second);
  }));

test.each([
  ['nothing', [], 0],
  ['no newline', ['abc', 'de'], 5],
  ['a line over three chunks', ['a\nbc', 'def', 'g\nh'], 6],
  ['an end at a border', ['abcd', '\nef'], 4],
])('the longest line that spans chunks: %s', (_, chunks, expected) => {
  const longest = new LongestLine();
  for (const chunk of chunks) longest.add(Buffer.from(chunk));
  expect(longest.bytes).toBe(expected);
  longest.end();
  longest.add(Buffer.from('xy'));
  expect(longest.bytes).toBe(Math.max(expected, 2));
});
