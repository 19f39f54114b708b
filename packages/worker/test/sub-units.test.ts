import { mkdirSync, writeFileSync } from 'node:fs';
import { rm, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, deflateRawSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { runKeys, type Storage } from '@winnow/core';
import { StopSignal } from '../src/stop-signal.ts';
import { Stopped } from '../src/stopped.ts';
import { doShard } from './do-shards.ts';
import { pack, share, type Packing } from './ndjson-text.ts';
import { noise } from './noise.ts';
import { outcomeOf, rowsOf } from './outcome.ts';
import { disturbed, inChunks, passingTo } from './passing-storage.ts';
import {
  committedObjects,
  prepareRun,
  receiptsOf,
  submit,
  withFolder,
  writeFiles,
  type PreparedRun,
} from './prepared-run.ts';

/** Lines with rising ids whose names do not compress: stored bytes grow with them. */
const idLines = (count: number, nameBytes: number): Buffer =>
  Buffer.from(
    Array.from({ length: count }, (_, id) => `${JSON.stringify({ id, name: noise(nameBytes, id) })}\n`).join(
      '',
    ),
  );

/** An attempt that is asked to stop when it has committed so many sub-units. */
async function doSome(prepared: PreparedRun, subUnits: number, source: Storage): Promise<void> {
  const stop = new StopSignal(() => 0);
  let committed = 0;
  const onEvent = ({ event }: { event: string }): void => {
    if (event === 'committed' && ++committed >= subUnits) stop.request();
  };
  await doShard(prepared, 0, { source, stop, onEvent }).catch((error: unknown) => {
    if (!(error instanceof Stopped)) throw error;
  });
}

async function assertBalanced(prepared: PreparedRun): Promise<void> {
  const { sums } = await outcomeOf(prepared);
  expect(sums.problems.first).toEqual([]);
  expect(sums.missing.first).toEqual([]);
  expect(sums.bytes.planned).toBe(prepared.run.plan.bytes);
  expect(sums.bytes.read + sums.bytes.refused).toBe(prepared.run.plan.bytes);
}

test.each<Packing>(['gzip', 'zstd'])(
  'an attempt that goes on behind any number of committed sub-units makes the same bytes (%s)',
  (packing) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': pack(idLines(300, 40), packing, [0.3, 0.31, 0.8]) });
      const whole = await prepareRun(folder, { unitBytes: 2000, output: 'whole' });
      await doShard(whole, 0);
      const expected = await committedObjects(whole);
      const receipts = await receiptsOf(whole, 0);
      expect(receipts.length).toBeGreaterThan(6);
      expect(receipts.map(({ last }) => last)).toEqual(receipts.map((_, i) => i === receipts.length - 1));
      for (let done = 1; done < receipts.length; done++) {
        const output = `out-${done}`;
        const prepared = await prepareRun(folder, { unitBytes: 2000, output });
        await doSome(prepared, done, inChunks(prepared.source, [700, 1]));
        expect(await receiptsOf(prepared, 0)).toEqual(receipts.slice(0, done));
        await doShard(prepared, 0, { source: inChunks(prepared.source, [100 * done]) });
        expect(await committedObjects(prepared)).toEqual(expected);
      }
      await assertBalanced(whole);
    }),
);

const damage = fc.record({
  kind: fc.constantFrom('cut' as const, 'flip' as const, 'checksum' as const),
  at: share,
  bit: fc.integer({ min: 0, max: 7 }),
});

/** Cut behind a byte, with a bit flipped in it, or with a wrong checksum at the end. */
function damaged(stored: Buffer, { kind, at, bit }: { kind: string; at: number; bit: number }): Buffer {
  const byte = Math.min(Math.floor(at * stored.length), stored.length - 1);
  if (kind === 'cut') return stored.subarray(0, byte);
  const copy = Buffer.from(stored);
  // gzip ends with CRC32 and ISIZE, zstd with four bytes of XXH64.
  const flipped = kind === 'flip' ? byte : copy.length - 1 - (byte % 4);
  copy[flipped] = (copy[flipped] ?? 0) ^ (1 << bit);
  return copy;
}

/** The ids in the sub-units that nothing is said against. */
async function trustedIds(prepared: PreparedRun): Promise<number[]> {
  const receipts = await receiptsOf(prepared, 0);
  const suspects = new Set(
    receipts.flatMap(({ refused }) => refused.flatMap(({ suspect }) => suspect ?? [])).map(({ sub }) => sub),
  );
  const ids: number[] = [];
  for (const receipt of receipts) {
    if (suspects.has(receipt.sub)) continue;
    for (const row of await rowsOf(prepared, receipt)) ids.push(Number(row['id']));
  }
  return ids;
}

/** Attempts that share an output at the same time, each reading in chunks of its own. */
async function doTogether(prepared: PreparedRun, lengths: readonly (readonly number[])[]): Promise<void> {
  const attempts = lengths.map((chunks, i) =>
    doShard(prepared, 0, { attempt: `${i}`, source: inChunks(prepared.source, chunks) }),
  );
  await Promise.all(attempts);
}

test.each<Packing>(['gzip', 'zstd'])(
  'a stream that goes over its limit keeps what came before, after any number of restarts (%s)',
  (packing) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': pack(idLines(300, 40), packing, [0.3]) });
      const options = { unitBytes: 2000, maxInputDecoded: 9500 };
      const whole = await prepareRun(folder, { ...options, output: 'whole' });
      await doShard(whole, 0);
      const receipts = await receiptsOf(whole, 0);
      expect(receipts.length).toBeGreaterThan(3);
      expect(receipts.at(-1)).toMatchObject({ last: true, refused: [{ input: 'a', reason: 'over-limit' }] });
      const kept = await trustedIds(whole);
      expect(kept).toEqual(Array.from({ length: kept.length }, (_, id) => id));
      expect(receipts.at(-1)!.decodedEnd).toBeGreaterThan(9400);
      expect(receipts.at(-1)!.decodedEnd).toBeLessThanOrEqual(9500);
      await assertBalanced(whole);
      for (let done = 1; done < receipts.length; done++) {
        const prepared = await prepareRun(folder, { ...options, output: `out-${done}` });
        await doSome(prepared, done, inChunks(prepared.source, [700, 1]));
        await doShard(prepared, 0, { source: inChunks(prepared.source, [100 * done]) });
        expect(await committedObjects(prepared)).toEqual(await committedObjects(whole));
      }
    }),
);

/** The same records as an array with an element a line, its layout told by all of its lines up to `odd`, with two. */
function elementLines(lines: Buffer, odd: number): Buffer {
  const elements = lines.toString().trimEnd().split('\n');
  const separators = elements.map((_, i) => (i === elements.length - 1 ? '\n]\n' : i === odd ? ',' : ',\n'));
  return Buffer.from(`[\n${elements.map((element, i) => element + (separators[i] ?? '')).join('')}`);
}

describe('a damaged stream', () => {
  const lines = idLines(200, 30);
  const texts = { lines, 'element lines': elementLines(lines, -1), 'an odd line': elementLines(lines, 150) };
  const chunkLengths = fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 3 });

  test('keeps whole records from its start, the same ones after any number of restarts', () =>
    fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(texts)),
        fc.constantFrom<Packing>('gzip', 'zstd'),
        fc.array(share, { maxLength: 4 }),
        damage,
        fc.integer({ min: 50, max: 3000 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), chunkLengths), { maxLength: 3 }),
        (text, packing, cuts, harm, unitBytes, restarts) =>
          withFolder(async (folder) => {
            await writeFiles(folder, { 'in/a': damaged(pack(text, packing, cuts), harm) });
            const straight = await prepareRun(folder, { unitBytes, output: 'straight' });
            await doShard(straight, 0);
            const restarted = await prepareRun(folder, { unitBytes });
            for (const [subUnits, lengths] of restarts) {
              await doSome(restarted, subUnits, inChunks(restarted.source, lengths));
            }
            await doShard(restarted, 0);
            await assertBalanced(straight);
            expect(await committedObjects(restarted)).toEqual(await committedObjects(straight));
            const kept = await trustedIds(straight);
            expect(kept).toEqual(Array.from({ length: kept.length }, (_, id) => id));
          }),
      ),
      // One seed, since damage can hide from the decoders by chance: once in 32,000 times, as `core/src/input` says.
      { numRuns: 45, seed: 7 },
    ));

  // The layout is told from the first MiB, which goes beyond what is kept: sub-units stand by then.
  test.each<Packing>(['gzip', 'zstd'])('whose odd line lies in what is condemned (%s)', (packing) =>
    withFolder(async (folder) => {
      const text = elementLines(idLines(1300, 1000), 950);
      const whole = pack(text, packing, [0.7]);
      await writeFiles(folder, { 'in/a': damaged(whole, { kind: 'checksum', at: 0, bit: 0 }) });
      const options = { unitBytes: 450_000 };
      const alone = await prepareRun(folder, { ...options, output: 'alone' });
      await doShard(alone, 0);
      const receipts = await receiptsOf(alone, 0);
      expect(receipts.at(-1)).toMatchObject({ refused: [{ input: 'a', reason: 'corrupt' }] });
      const kept = await trustedIds(alone);
      expect(kept).toEqual(Array.from({ length: kept.length }, (_, id) => id));
      expect(kept.length).toBeGreaterThan(400);
      await assertBalanced(alone);
      for (let done = 1; done < receipts.length; done++) {
        const prepared = await prepareRun(folder, { ...options, output: `out-${done}` });
        await doSome(prepared, done, inChunks(prepared.source, [70_000, 1]));
        await doShard(prepared, 0, { source: inChunks(prepared.source, [10_000 * done]) });
        expect(await committedObjects(prepared)).toEqual(await committedObjects(alone));
      }
    }),
  );

  // Larger than what is decoded at once, so that sub-units are committed before the damage shows.
  const large = idLines(3000, 1000);

  test.each<[Packing, string, number]>([
    ['gzip', 'flip', 0.9],
    ['gzip', 'checksum', 0.9],
    ['gzip', 'cut', 0.7],
    ['zstd', 'flip', 0.9],
    ['zstd', 'checksum', 0.9],
    ['zstd', 'cut', 0.7],
  ])('%s, %s at %d of it: lists what was committed before as suspect', (packing, kind, at) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': damaged(pack(large, packing, [0.2]), { kind, at, bit: 3 }) });
      const alone = await prepareRun(folder, { unitBytes: 300_000, output: 'alone' });
      await doShard(alone, 0);
      const receipts = await receiptsOf(alone, 0);
      const [refusal] = receipts.at(-1)?.refused ?? [];
      expect(refusal).toMatchObject({ input: 'a', reason: kind === 'cut' ? 'truncated' : 'corrupt' });
      // The first fifth is a member of its own, whose checksum was right.
      const ends = receipts.slice(0, -1).map(({ decodedEnd }) => decodedEnd);
      const suspects = ends.flatMap((end, sub) => (end > large.length / 5 ? [{ unit: 0, sub }] : []));
      expect(suspects.length).toBeGreaterThan(2);
      expect(refusal?.suspect).toEqual(kind === 'cut' ? undefined : suspects);
      const kept = await trustedIds(alone);
      expect(kept.length).toBeGreaterThan(500);
      await assertBalanced(alone);
    }),
  );

  /** A gzip member whose decoding fails behind so many bytes, in the header of a stored block (RFC 1951, 3.2.4). */
  function brokenBlock(text: Buffer, behind: number): Buffer {
    const blocks = deflateRawSync(text.subarray(0, behind), { finishFlush: constants.Z_SYNC_FLUSH });
    blocks[blocks.length - 1] = 0;
    return Buffer.concat([gzipSync('').subarray(0, 10), blocks, Buffer.from(noise(1000))]);
  }

  // How much comes out of the decoder before it fails depends on the chunks that it is given.
  test.each([470_000, 1_430_000])(
    'that fails behind %d bytes: attempts with other chunks make the same sub-units',
    (behind) =>
      withFolder(async (folder) => {
        await writeFiles(folder, { 'in/a': brokenBlock(large, behind) });
        const alone = await prepareRun(folder, { unitBytes: 100_000, output: 'alone' });
        await doShard(alone, 0);
        const expected = await committedObjects(alone);
        const receipts = await receiptsOf(alone, 0);
        const refusal = { input: 'a', reason: 'corrupt', offset: 0, bytes: alone.run.plan.bytes };
        const suspect = receipts.slice(0, -1).map(({ sub }) => ({ unit: 0, sub }));
        expect(suspect.length).toBeGreaterThan(1);
        expect(receipts.at(-1)).toMatchObject({ refused: [{ ...refusal, suspect }] });
        await assertBalanced(alone);

        // Two at once, then a twin that is paused before one of its commits.
        const together = await prepareRun(folder, { unitBytes: 100_000, output: 'together' });
        await doTogether(together, [[10_000], [1 << 20, 7]]);
        expect(await committedObjects(together)).toEqual(expected);
        for (const { sub } of receipts) {
          const prepared = await prepareRun(folder, { unitBytes: 100_000, output: `out-${sub}` });
          const twin = pausedBefore(prepared, sub);
          const paused = doShard(prepared, 0, {
            attempt: 'paused',
            source: inChunks(prepared.source, [5_000]),
            output: twin.output,
          });
          await Promise.race([twin.reached, paused]);
          await doShard(prepared, 0, { attempt: 'other' });
          twin.goOn();
          await paused;
          expect(await committedObjects(prepared)).toEqual(expected);
        }
      }),
  );
});

interface Paused {
  readonly output: Storage;
  readonly reached: Promise<undefined>;
  readonly goOn: () => void;
}

/** An output that waits with a sub-unit's first commit until it is told to go on. */
function pausedBefore({ output, run }: PreparedRun, sub: number): Paused {
  const reached = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  const name = `000000-${String(sub).padStart(4, '0')}`;
  return {
    reached: reached.promise,
    goOn: () => gate.resolve(undefined),
    output: passingTo(output, {
      commit: async (objects) => {
        if (objects.some(({ key }) => key.includes(name) && key.includes(run.runId))) {
          reached.resolve(undefined);
          await gate.promise;
        }
        return output.commit(objects);
      },
    }),
  };
}

describe('an input that vanishes while two attempts are at it', () => {
  test.each([
    ['the one that met it gone is first', true],
    ['the one that could read it is first', false],
  ])('%s: the other goes on behind what stands', (_, goneFirst) =>
    withFolder(async (folder) => {
      await writeFiles(folder, { 'in/a': pack(large(), 'gzip', []) });
      const prepared = await prepareRun(folder, { unitBytes: 400_000 });
      const reader = pausedBefore(prepared, 1);
      const reading = doShard(prepared, 0, { attempt: 'reader', output: reader.output });
      await reader.reached;
      await rm(join(folder, 'in/a'));
      const gone = pausedBefore(prepared, 1);
      const finding = doShard(prepared, 0, { attempt: 'gone', output: gone.output });
      await gone.reached;
      const [first, second] = goneFirst ? [gone, reader] : [reader, gone];
      first.goOn();
      await (goneFirst ? finding : reading);
      second.goOn();
      await Promise.all([finding, reading]);
      const receipts = await receiptsOf(prepared, 0);
      expect(receipts.map(({ last }) => last)).toEqual(goneFirst ? [false, true] : [false, false, true]);
      expect(receipts.at(-1)).toMatchObject({
        records: { read: 0 },
        refused: [{ input: 'a', reason: 'vanished', offset: 0, bytes: prepared.run.plan.bytes }],
      });
      await assertBalanced(prepared);
    }),
  );
  const large = (): Buffer => idLines(2000, 1000);
});

test('an input that is rewritten while it is read: only what was read before is committed', () =>
  withFolder(async (folder) => {
    const text = idLines(4500, 1000);
    // Level 0: stored blocks, in which other bytes decode as well.
    const rewritten = gzipSync(Buffer.from(text.toString().replaceAll('"id":', '"no":')), { level: 0 });
    await writeFiles(folder, { 'in/a': gzipSync(text, { level: 0 }) });
    const prepared = await prepareRun(folder, { unitBytes: 300_000 });
    const path = join(folder, 'in/a');
    const source = disturbed(prepared.source, 'a', {
      afterChunk: async (n, reading) => {
        if (n !== 1 || reading > 0) return;
        await writeFile(path, rewritten);
        await utimes(path, 1, 1);
      },
    });
    await doShard(prepared, 0, { source });
    const receipts = await receiptsOf(prepared, 0);
    expect(receipts.length).toBeGreaterThan(3);
    expect(receipts.at(-1)).toMatchObject({
      last: true,
      records: { read: 0 },
      refused: [{ input: 'a', reason: 'changed', offset: 0, bytes: prepared.run.plan.bytes }],
    });
    const kept = await trustedIds(prepared);
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, id) => id));
    await assertBalanced(prepared);
  }));

test('a run that is cancelled ends at the border of a sub-unit, and can be taken up again', () =>
  withFolder(async (folder) => {
    await writeFiles(folder, { 'in/a': pack(idLines(300, 40), 'gzip', []) });
    const prepared = await prepareRun(folder, { unitBytes: 4000 });
    const { output, run, intent } = prepared;
    const onEvent = ({ event }: { event: string }): void => {
      if (event !== 'committed') return;
      const stop = join(output.uri, runKeys(run.runId).stop(intent.n));
      mkdirSync(join(stop, '..'), { recursive: true });
      writeFileSync(stop, '{"n":0,"createdAt":"2026-01-01T00:00:00Z"}\n');
    };
    await expect(doShard(prepared, 0, { onEvent })).rejects.toMatchObject({ why: 'cancelled' });
    expect(await receiptsOf(prepared, 0)).toHaveLength(1);
    const next = { ...prepared, intent: await submit(output, run) };
    await doShard(next, 0);
    expect(await trustedIds(next)).toEqual(Array.from({ length: 300 }, (_, id) => id));
    await assertBalanced(next);
  }));
