import { appendFile, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { StorageError, WinnowError, type Receipt } from '@winnow/core';
import { doShard, doShards } from './do-shards.ts';
import { noise } from './noise.ts';
import { outcomeOf, rowsOf } from './outcome.ts';
import { disturbed, inChunks, passingTo } from './passing-storage.ts';
import { prepareRun, receiptsOf, withFolder, writeFiles, type PreparedRun } from './prepared-run.ts';

const lines = (first: number, count: number): string =>
  Array.from({ length: count }, (_, i) => `{"id":${first + i}}\n`).join('');

const FILES = { 'in/a': lines(0, 10), 'in/b': lines(100, 10), 'in/c': gzipSync(lines(200, 10)) };

const onlyReceipt = async (prepared: PreparedRun): Promise<Receipt> => {
  const [receipt, ...more] = await receiptsOf(prepared, 0);
  expect(more).toEqual([]);
  return receipt!;
};

const idsOf = async (prepared: PreparedRun, receipt: Receipt): Promise<number[]> =>
  (await rowsOf(prepared, receipt)).map((row) => Number(row['id'])).sort((a, b) => a - b);

async function assertBalanced(prepared: PreparedRun): Promise<void> {
  const { sums } = await outcomeOf(prepared);
  expect([sums.problems.first, sums.missing.first]).toEqual([[], []]);
  expect(sums.bytes.read + sums.bytes.refused).toBe(prepared.run.plan.bytes);
}

const others = [...Array.from({ length: 10 }, (_, i) => i), ...Array.from({ length: 10 }, (_, i) => 200 + i)];

type Disturb = (path: string) => Promise<void>;
const later = async (path: string): Promise<void> => {
  const { mtimeMs } = await stat(path);
  await utimes(path, mtimeMs / 1000 + 5, mtimeMs / 1000 + 5);
};
const CHANGES: readonly (readonly [string, string, Disturb])[] = [
  ['grows', 'changed', (path) => appendFile(path, lines(900, 1))],
  ['shrinks', 'changed', (path) => truncate(path, 20)],
  [
    'is rewritten in its size',
    'changed',
    async (path) => {
      await writeFile(path, (await readFile(path, 'utf8')).replaceAll('1', '2'));
      await later(path);
    },
  ],
  [
    'is replaced',
    'changed',
    async (path) => {
      await writeFile(`${path}.new`, lines(900, 10));
      await later(`${path}.new`);
      await rename(`${path}.new`, path);
    },
  ],
  ['vanishes', 'vanished', (path) => rm(path)],
];

describe('an input of three that is other than planned', () => {
  test.each(CHANGES)('%s before it is read: refused as %s, the others are done', (_, reason, change) =>
    withFolder(async (folder) => {
      await writeFiles(folder, FILES);
      const prepared = await prepareRun(folder);
      await change(join(folder, 'in/b'));
      await doShards(prepared);
      const receipt = await onlyReceipt(prepared);
      const bytes = FILES['in/b'].length;
      expect(receipt.refused).toEqual([
        { input: 'b', reason, offset: 0, bytes, detail: expect.stringMatching(/ /) as unknown as string },
      ]);
      expect(receipt.parts[0]!.key).toMatch(/-000000-0000-r[0-9a-f]{8}\.parquet$/);
      expect(await idsOf(prepared, receipt)).toEqual(others);
      await assertBalanced(prepared);
    }),
  );

  // One that is unlinked or replaced while it is open is still read to its end.
  test.each(CHANGES.slice(0, 3))(
    '%s while it is read: refused as %s, the others are done',
    (_, reason, change) =>
      withFolder(async (folder) => {
        await writeFiles(folder, FILES);
        const prepared = await prepareRun(folder);
        const source = disturbed(prepared.source, 'b', {
          afterChunk: (n, reading) => (n + reading === 0 ? change(join(folder, 'in/b')) : Promise.resolve()),
        });
        await doShards(prepared, { source });
        const receipt = await onlyReceipt(prepared);
        expect(receipt.refused).toMatchObject([
          { input: 'b', reason, offset: 0, bytes: FILES['in/b'].length },
        ]);
        expect(await idsOf(prepared, receipt)).toEqual(others);
        await assertBalanced(prepared);
      }),
  );

  test('a compressed one that is written to while it is read has changed, however damaged it looks', () =>
    withFolder(async (folder) => {
      // 0xff is the header of no zstd block.
      const big = zstdCompressSync(`{"name":"${noise(4 * 2 ** 20)}"}\n${lines(0, 5)}`);
      expect(big.length).toBeGreaterThan(3 * 2 ** 20);
      await writeFiles(folder, { 'in/a': lines(0, 3), 'in/b': big });
      const prepared = await prepareRun(folder);
      const path = join(folder, 'in/b');
      const source = disturbed(prepared.source, 'b', {
        afterChunk: async (n, reading) => {
          if (n + reading > 0) return;
          await writeFile(path, Buffer.alloc(big.length, 0xff));
          await later(path);
        },
      });
      await doShards(prepared, { source });
      const receipt = await onlyReceipt(prepared);
      expect(receipt.refused).toMatchObject([
        { input: 'b', reason: 'changed', offset: 0, bytes: big.length },
      ]);
      expect(await idsOf(prepared, receipt)).toEqual([0, 1, 2]);
      await assertBalanced(prepared);
    }));

  test('the range of a large one that changes is refused alone', () =>
    withFolder(async (folder) => {
      const text = lines(100, 100);
      await writeFiles(folder, { 'in/a': text });
      const prepared = await prepareRun(folder, { unitBytes: 400, unitsPerShard: 1 });
      expect(prepared.run.plan.units).toBeGreaterThan(2);
      await doShard(prepared, 0);
      await appendFile(join(folder, 'in/a'), 'x');
      await doShards(prepared);
      const receipts = await receiptsOf(prepared, 1);
      expect(receipts).toMatchObject([{ refused: [{ input: 'a', reason: 'changed' }], bytes: { read: 0 } }]);
      expect((await receiptsOf(prepared, 0))[0]!.refused).toEqual([]);
      await assertBalanced(prepared);
    }));
});

describe('what the storage says', () => {
  test.each([
    ['denied', 'denied'],
    ['failed', 'unreadable'],
  ] as const)('%s of an input: refused as %s, without the words of the system', (code, reason) =>
    withFolder(async (folder) => {
      await writeFiles(folder, FILES);
      const prepared = await prepareRun(folder);
      const source = disturbed(prepared.source, 'b', {
        before: () => Promise.reject(new StorageError(code, 'read', 'b', 'EWORDS: of this machine')),
      });
      await doShards(prepared, { source });
      const receipt = await onlyReceipt(prepared);
      expect(receipt.refused).toMatchObject([{ input: 'b', reason }]);
      expect(JSON.stringify(receipt)).not.toContain('EWORDS');
      await assertBalanced(prepared);
    }),
  );

  test.each(['transient', 'full', 'invalid-key'] as const)(
    '%s of an input: the attempt fails, nothing is refused',
    (code) =>
      withFolder(async (folder) => {
        await writeFiles(folder, FILES);
        const prepared = await prepareRun(folder);
        const failure = new StorageError(code, 'read', 'b', 'for a moment');
        const source = disturbed(prepared.source, 'b', { afterChunk: () => Promise.reject(failure) });
        await expect(doShards(prepared, { source })).rejects.toBe(failure);
        expect(await receiptsOf(prepared, 0)).toEqual([]);
        await doShards(prepared);
        expect((await onlyReceipt(prepared)).refused).toEqual([]);
      }),
  );

  test.each(['denied', 'failed', 'not-found', 'full'] as const)(
    '%s of the output: the attempt fails, no input is refused for it',
    (code) =>
      withFolder(async (folder) => {
        await writeFiles(folder, { ...FILES, 'in/b': 'bad\n' });
        const prepared = await prepareRun(folder);
        for (const kind of ['part-', 'quarantine/']) {
          const output = passingTo(prepared.output, {
            create: (key) =>
              key.includes(kind)
                ? Promise.reject(new StorageError(code, 'create', key, 'says the disk'))
                : prepared.output.create(key),
          });
          await expect(doShards(prepared, { output })).rejects.toThrow('says the disk');
          expect(await receiptsOf(prepared, 0)).toEqual([]);
        }
      }),
  );
});

describe('a damaged input', () => {
  const cut = gzipSync(`${lines(300, 5)}{"name":"${noise(3000)}"}\n${lines(305, 5)}`);
  const files = { 'in/a': lines(0, 3), 'in/b': cut.subarray(0, 1500), 'in/c': 'bad\n' };

  test('gives its records up to the damage; no words of a library stand in the receipt', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, files);
      const prepared = await prepareRun(folder);
      const told: string[] = [];
      await doShards(prepared, {
        onEvent: (event) => {
          if (event.event === 'log') told.push(event.message);
        },
      });
      const receipt = await onlyReceipt(prepared);
      expect(await idsOf(prepared, receipt)).toEqual([0, 1, 2, 300, 301, 302, 303, 304]);
      expect(receipt.refused).toEqual([
        {
          input: 'b',
          reason: 'truncated',
          offset: 1500,
          bytes: 0,
          detail: 'its compressed bytes end too early',
        },
      ]);
      expect(told).toEqual([expect.stringMatching(/^input b is refused as truncated: .*gzip member/)]);
      await assertBalanced(prepared);
    }));

  test.each([
    ['vanished', (path: string) => rm(path)],
    ['changed', (path: string) => appendFile(path, 'x')],
  ] as const)('that is %s when it is read again is refused as a whole', (reason, change) =>
    withFolder(async (folder) => {
      await writeFiles(folder, files);
      const prepared = await prepareRun(folder);
      const source = disturbed(prepared.source, 'b', {
        before: (reading) => (reading === 1 ? change(join(folder, 'in/b')) : Promise.resolve()),
      });
      await doShards(prepared, { source });
      const receipt = await onlyReceipt(prepared);
      expect(receipt.refused).toMatchObject([{ input: 'b', reason, offset: 0, bytes: 1500 }]);
      expect(receipt.parts[0]!.key).toMatch(/-r[0-9a-f]{8}\.parquet$/);
      expect(receipt.quarantine!.key).toMatch(/-r[0-9a-f]{8}\.ndjson\.zst$/);
      expect(await idsOf(prepared, receipt)).toEqual([0, 1, 2]);
      await assertBalanced(prepared);
    }),
  );

  test('that reads otherwise the second time, although its pin holds, is tried again by another attempt', () =>
    withFolder(async (folder) => {
      await writeFiles(folder, files);
      const prepared = await prepareRun(folder);
      let readings = 0;
      const source = passingTo(prepared.source, {
        read: async function* (key, options) {
          const shorter = key === 'b' && readings++ === 1;
          for await (const chunk of prepared.source.read(key, options))
            yield shorter ? chunk.subarray(0, 60) : chunk;
        },
      });
      const failure: unknown = await doShards(prepared, { source }).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(WinnowError);
      expect(failure).toMatchObject({ retryable: true });
      expect(String(failure)).toContain('two readings of b differ');
      expect(await receiptsOf(prepared, 0)).toEqual([]);
    }));

  test('that decodes to more than is taken is kept up to there, the same in every chunk size', () =>
    withFolder(async (folder) => {
      const first = gzipSync(lines(100, 10));
      const stored = Buffer.concat([first, gzipSync(lines(110, 10)), gzipSync(lines(120, 1000))]);
      await writeFiles(folder, { ...FILES, 'in/b': stored });
      // Ten lines of 11 bytes, one more from the second member, and a piece of the next.
      const receipts: Receipt[] = [];
      for (const size of [1, 7, 100, 1 << 20]) {
        const prepared = await prepareRun(folder, { output: `out-${size}`, maxInputDecoded: 121 + 4 });
        await doShards(prepared, { source: inChunks(prepared.source, [size]) });
        await assertBalanced(prepared);
        receipts.push(await onlyReceipt(prepared));
        expect((await idsOf(prepared, receipts[0]!)).filter((id) => id >= 100 && id < 200)).toEqual([
          100, 101, 102, 103, 104, 105, 106, 107, 108, 109, 110,
        ]);
      }
      expect(receipts[0]!.refused).toMatchObject([
        { input: 'b', reason: 'over-limit', offset: first.length, bytes: stored.length - first.length },
      ]);
      for (const receipt of receipts) expect(receipt).toEqual(receipts[0]);
    }));

  test('says the same in every chunk size', () =>
    withFolder(async (folder) => {
      const stored = Buffer.from(cut);
      stored[700] = (stored[700] ?? 0) ^ 8;
      await writeFiles(folder, { ...files, 'in/b': stored });
      const receipts: Receipt[] = [];
      for (const size of [1, 7, 100, 1 << 20]) {
        const prepared = await prepareRun(folder, { output: `out-${size}` });
        await doShards(prepared, { source: inChunks(prepared.source, [size]) });
        receipts.push(await onlyReceipt(prepared));
      }
      expect(receipts[0]!.refused).toMatchObject([{ input: 'b', reason: 'corrupt', offset: 0 }]);
      for (const receipt of receipts) expect(receipt).toEqual(receipts[0]);
    }));
});
