import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import {
  quarantineLine,
  readZstdLines,
  StorageError,
  type QuarantineLine,
  type Receipt,
  type Storage,
} from '@winnow/core';
import { doShard, doShards } from './do-shards.ts';
import { outcomeOf, rowsOf } from './outcome.ts';
import { disturbed, passingTo } from './passing-storage.ts';
import { prepareRedrive } from './prepared-redrive.ts';
import {
  committedObjects,
  prepareRun,
  receiptsOf,
  withFolder,
  writeFiles,
  type PreparedRun,
} from './prepared-run.ts';

const MIB = 2 ** 20;
const long = (id: number): string => `${JSON.stringify({ id, name: `${id} `.repeat(700_000) })}\n`;
const short = (id: number): string => `{"id":${id}}\n`;

/** Two long records in each of two inputs. */
const FILES = {
  'in/a.gz': gzipSync(long(1) + short(2) + long(3)),
  'in/b': short(4) + long(5) + long(6),
};

/** A run that found the long ones too long, and a redrive that takes them. */
async function prepared(folder: string): Promise<{ first: PreparedRun; redrive: PreparedRun }> {
  await writeFiles(folder, FILES);
  const first = await prepareRun(folder, { maxRecordBytes: MIB, maxQuarantined: 4 });
  await doShards(first);
  return { first, redrive: await prepareRedrive(first, 64 * MIB) };
}

const onlyReceipt = async (run: PreparedRun): Promise<Receipt> => {
  const [receipt, ...more] = await receiptsOf(run, 0);
  expect(more).toEqual([]);
  return receipt!;
};

const idsOf = async (run: PreparedRun, receipt: Receipt): Promise<number[]> =>
  (await rowsOf(run, receipt)).map((row) => Number(row['id']));

async function quarantineOf({ output }: PreparedRun, { quarantine }: Receipt): Promise<QuarantineLine[]> {
  const lines: QuarantineLine[] = [];
  if (quarantine)
    for await (const line of readZstdLines(output.read(quarantine.key)))
      lines.push(quarantineLine.parse(JSON.parse(line)));
  return lines;
}

async function expectBalanced(run: PreparedRun): Promise<void> {
  const { sums } = await outcomeOf(run);
  expect([sums.problems.first, sums.missing.first]).toEqual([[], []]);
  expect(sums.records.read).toBe(4);
}

const reading = (source: Storage) => ({ sourceOf: () => Promise.resolve(source) });
const gone = (folder: string, name: string) => rename(join(folder, 'in', name), join(folder, name));
const back = (folder: string, name: string) => rename(join(folder, name), join(folder, 'in', name));

describe('long records of a unit', () => {
  test('are read from each input once, in order', () =>
    withFolder(async (folder) => {
      const { first, redrive } = await prepared(folder);
      const reads: string[] = [];
      const counted = passingTo(first.source, {
        read: (key, options) => {
          if (options?.end !== 18) reads.push(`${key} ${options?.start ?? 'all'}`);
          return first.source.read(key, options);
        },
      });
      await doShards(redrive, reading(counted));
      const receipt = await onlyReceipt(redrive);
      expect(reads).toEqual(['a.gz all', `b ${short(4).length}`, `b ${short(4).length + long(5).length}`]);
      expect(await idsOf(redrive, receipt)).toEqual([1, 3, 5, 6]);
      expect([receipt.quarantine, receipt.refused]).toEqual([undefined, []]);
      await expectBalanced(redrive);
    }));

  test('of an input that vanishes between two of them all stay, and the names of the unit tell', () =>
    withFolder(async (folder) => {
      const { first, redrive } = await prepared(folder);
      let asked = 0;
      // The head, the first record: then it is gone.
      const source = disturbed(first.source, 'b', {
        before: async () => {
          if (asked++ === 2) await gone(folder, 'b');
        },
      });
      await doShards(redrive, reading(source));
      const receipt = await onlyReceipt(redrive);
      expect(receipt.refused).toMatchObject([
        { input: 'b', reason: 'vanished', run: first.run.runId, offset: 0, bytes: 0 },
      ]);
      expect(receipt.parts[0]!.key).toMatch(/-000000-0000-r[0-9a-f]{8}\.parquet$/);
      expect(receipt.quarantine!.key).toMatch(/000000-0000-r[0-9a-f]{8}\.ndjson\.zst$/);
      expect(await idsOf(redrive, receipt)).toEqual([1, 3]);
      expect((await quarantineOf(redrive, receipt)).map(({ input, unread }) => [input, unread])).toEqual([
        ['b', 'vanished'],
        ['b', 'vanished'],
      ]);
      await expectBalanced(redrive);
    }));

  test.each([
    ['a.gz', 'b'],
    ['b', 'a.gz'],
  ])(
    '%s first: two attempts that meet other inputs gone never disagree, the first receipt stands',
    (one, other) =>
      withFolder(async (folder) => {
        const { first, redrive } = await prepared(folder);
        // The second attempt ends just before its commit, with everything made: in between the first one commits.
        const interlaced = passingTo(redrive.output, {
          commit: async (objects) => {
            await back(folder, one);
            await gone(folder, other);
            await doShard(redrive, 0, { ...reading(first.source), attempt: 'b' });
            return redrive.output.commit(objects);
          },
        });
        let committing = false;
        const once = passingTo(redrive.output, {
          commit: (objects) => {
            if (committing) return redrive.output.commit(objects);
            committing = true;
            return interlaced.commit(objects);
          },
        });
        await gone(folder, one);
        await doShard(redrive, 0, { ...reading(first.source), output: once });
        const receipt = await onlyReceipt(redrive);
        expect(receipt.refused).toMatchObject([{ input: other, reason: 'vanished' }]);
        expect(await idsOf(redrive, receipt)).toEqual(other === 'b' ? [1, 3] : [5, 6]);
        // Nothing of the loser's is left, and a third attempt that reads all has nothing to add.
        const committed = await committedObjects(redrive);
        const names = [...committed.keys()].filter(
          (key) => key.includes(redrive.run.runId) && key.includes('-r'),
        );
        expect(names.sort()).toEqual([receipt.quarantine!.key, receipt.parts[0]!.key].sort());
        await back(folder, other);
        await doShard(redrive, 0, { ...reading(first.source), attempt: 'c' });
        expect(await committedObjects(redrive)).toEqual(committed);
        await expectBalanced(redrive);
      }),
  );

  test('of an input that nobody lets be read, or whose list of inputs is damaged, stay', () =>
    withFolder(async (folder) => {
      const { first, redrive } = await prepared(folder);
      const list = `_winnow/${first.run.runId}/inputs.ndjson.zst`;
      const bytes = await readFile(join(folder, 'out', list));
      const output = passingTo(redrive.output, {
        read: async function* (key, options) {
          if (key === list) yield bytes.subarray(0, 40);
          else yield* redrive.output.read(key, options);
        },
      });
      await doShards(redrive, { ...reading(first.source), output });
      const receipt = await onlyReceipt(redrive);
      expect(receipt.refused.map(({ input, reason }) => [input, reason])).toEqual([
        ['a.gz', 'unreadable'],
        ['b', 'unreadable'],
      ]);
      expect(receipt.records).toMatchObject({ read: 4, quarantined: 4 });
      await expectBalanced(redrive);
    }));

  test('a source that fails for a moment ends the attempt, and nothing is committed', () =>
    withFolder(async (folder) => {
      const { first, redrive } = await prepared(folder);

      const failure = new StorageError('transient', 'read', 'b', 'for a moment');
      const source = disturbed(first.source, 'b', { before: () => Promise.reject(failure) });
      await expect(doShards(redrive, reading(source))).rejects.toBe(failure);
      expect(await receiptsOf(redrive, 0)).toEqual([]);
      await doShards(redrive, reading(first.source));
      expect(await idsOf(redrive, await onlyReceipt(redrive))).toEqual([1, 3, 5, 6]);
    }));
});
