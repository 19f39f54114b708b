import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { constants, createGzip, gzipSync } from 'node:zlib';
import { OutOfMemoryError } from '../../src/errors.ts';
import { decode } from '../../src/input/decode.ts';
import {
  decodeAll,
  decoratedMember,
  gzipMember,
  inChunks,
  skippableFrame,
  streamedFrame,
  zstdFrame,
  type Decoded,
} from './streams.ts';

const LINES = Array.from({ length: 40 }, (_, n) => `{"n":${n},"text":"record ${n * 7919}"}\n`).join('');
const NOISE = Buffer.from(Array.from({ length: 300 }, (_, n) => (n * 7919 * (n + 13)) % 251));
const outcome = ({ kept, error }: Decoded): unknown => ({ kept: kept.toString('latin1'), error });

async function* noMore(): AsyncGenerator<Uint8Array> {}

describe('whole streams', () => {
  const streams: [string, () => Buffer | Promise<Buffer>, string][] = [
    ['an empty file', () => Buffer.alloc(0), ''],
    ['a plain file', () => Buffer.from(LINES), LINES],
    ['a plain byte', () => Buffer.from('{'), '{'],
    ['gzip', () => gzipMember(LINES), LINES],
    ['an empty gzip member', () => gzipMember(''), ''],
    ['gzip members', () => Buffer.concat([LINES, '', 'b', LINES].map(gzipMember)), `${LINES}b${LINES}`],
    [
      'gzip with every header field',
      () => Buffer.concat([decoratedMember('one'), decoratedMember('two')]),
      'onetwo',
    ],
    ['gzip with zeros behind it', () => Buffer.concat([gzipMember(LINES), Buffer.alloc(1000)]), LINES],
    ['zstd', () => zstdFrame(LINES), LINES],
    ['an empty zstd frame', () => zstdFrame(''), ''],
    ['zstd without checksum', () => zstdFrame(LINES, false), LINES],
    ['zstd without content size', () => streamedFrame([LINES, '', LINES], 20), LINES + LINES],
    [
      'zstd frames, with and without checksum, skippable ones between',
      () =>
        Buffer.concat([
          skippableFrame(5),
          zstdFrame('a'),
          zstdFrame('b', false),
          skippableFrame(0, 7),
          zstdFrame(''),
          zstdFrame(LINES),
          skippableFrame(70_000, 15),
        ]),
      `ab${LINES}`,
    ],
    ['only skippable frames', () => skippableFrame(9), ''],
    ['zstd with a window of 2 GiB', () => streamedFrame([LINES], 31), LINES],
  ];
  test.each(streams)('decodes %s, however it is cut into chunks', async (_, make, expected) => {
    const stored = await make();
    for (const lengths of [[1 << 20], [1], [2, 3], [4, 1, 17]]) {
      const { kept, error, chunks } = await decodeAll(stored, lengths);
      expect(error).toBeUndefined();
      expect(kept.toString()).toBe(expected);
      const ends = chunks.map(({ storedEnd }) => storedEnd);
      expect(ends).toEqual(ends.toSorted((a, b) => a - b));
      expect(ends.at(-1) ?? 0).toBeLessThanOrEqual(stored.length);
    }
  });

  test('decodes what is much larger than its buffers', async () => {
    const large = Buffer.concat(Array.from({ length: 3000 }, (_, n) => Buffer.from(LINES + String(n * n))));
    const halves = [large.subarray(0, 1_000_003), large.subarray(1_000_003)];
    for (const compress of [gzipMember, zstdFrame]) {
      const stored = Buffer.concat(halves.map((half) => compress(half)));
      for (const lengths of [[1 << 20], [1000, 70_001]]) {
        expect((await decodeAll(stored, lengths)).kept.equals(large)).toBe(true);
      }
    }
  });
});

describe('damage', () => {
  const one = gzipMember(LINES);
  const frame = zstdFrame(LINES);
  const corrupt = (stored: number, decoded: number): unknown => ({
    kind: 'corrupt',
    storedOffset: stored,
    decodedOffset: decoded,
  });
  const patched = (bytes: Buffer, at: number, value?: number): Buffer => {
    const copy = Buffer.from(bytes);
    copy[at < 0 ? copy.length + at : at]! ^= value ?? 1;
    return copy;
  };
  test.each<[string, Buffer, unknown]>([
    ['a wrong CRC32', patched(one, -8), corrupt(0, 0)],
    ['a wrong ISIZE', patched(one, -1), corrupt(0, 0)],
    [
      'a wrong CRC32 in the second member',
      Buffer.concat([one, patched(one, -8)]),
      corrupt(one.length, LINES.length),
    ],
    [
      'an unknown method in the second member',
      Buffer.concat([one, patched(one, 2)]),
      corrupt(one.length, LINES.length),
    ],
    ['unknown flags', patched(one, 3, 0x80), corrupt(0, 0)],
    ['a wrong header checksum', patched(decoratedMember('a'), 5), corrupt(0, 0)],
    ['text behind a member', Buffer.concat([one, Buffer.from('text')]), corrupt(one.length, LINES.length)],
    [
      'zeros and text behind a member',
      Buffer.concat([one, Buffer.from('\0\0text')]),
      corrupt(one.length, LINES.length),
    ],
    ['a wrong zstd checksum', patched(frame, -1), corrupt(0, 0)],
    [
      'a wrong zstd checksum in the second frame',
      Buffer.concat([frame, patched(frame, -1)]),
      corrupt(frame.length, LINES.length),
    ],
    ['text behind a frame', Buffer.concat([frame, Buffer.from('text')]), corrupt(frame.length, LINES.length)],
    ['a byte behind a frame', Buffer.concat([frame, Buffer.from('t')]), corrupt(frame.length, LINES.length)],
    ['gzip behind a frame', Buffer.concat([frame, one]), corrupt(frame.length, LINES.length)],
    [
      'a second gzip header that is cut',
      Buffer.concat([one, one.subarray(0, 9)]),
      { kind: 'truncated', storedOffset: one.length, decodedOffset: LINES.length },
    ],
    [
      'a second gzip magic that is cut',
      Buffer.concat([one, one.subarray(0, 1)]),
      { kind: 'truncated', storedOffset: one.length, decodedOffset: LINES.length },
    ],
    [
      'a second frame header that is cut',
      Buffer.concat([frame, frame.subarray(0, 3)]),
      { kind: 'truncated', storedOffset: frame.length, decodedOffset: LINES.length },
    ],
    [
      'a skippable frame that is cut',
      Buffer.concat([frame, skippableFrame(10).subarray(0, 17)]),
      { kind: 'truncated', storedOffset: frame.length, decodedOffset: LINES.length },
    ],
    [
      'a gzip trailer that is cut',
      one.subarray(0, -3),
      { kind: 'truncated', storedOffset: one.length - 3, decodedOffset: LINES.length },
    ],
    [
      'a zstd checksum that is cut',
      frame.subarray(0, -3),
      { kind: 'truncated', storedOffset: frame.length - 4, decodedOffset: LINES.length },
    ],
  ])('tells %s, and what may be kept', async (_, stored, expected) => {
    for (const lengths of [[1 << 20], [1]])
      expect((await decodeAll(stored, lengths)).error).toEqual(expected);
  });

  test('keeps everything before the cut, for every length of a cut file', async () => {
    const files: [Buffer, number][] = [
      [Buffer.concat([gzipMember('first\n'), one]), gzipMember('first\n').length],
      [
        Buffer.concat([zstdFrame('first\n'), await streamedFrame([LINES, 'x\n', LINES], 20)]),
        zstdFrame('first\n').length,
      ],
    ];
    for (const [stored, border] of files) {
      const whole = (await decodeAll(stored)).kept;
      let before = 0;
      for (let length = 4; length < stored.length; length++) {
        const { kept, error } = await decodeAll(stored.subarray(0, length));
        expect(kept.equals(whole.subarray(0, kept.length))).toBe(true);
        expect(kept.length).toBeGreaterThanOrEqual(before);
        before = kept.length;
        if (length === border) expect(error).toBeUndefined();
        else {
          expect(error?.kind).toBe('truncated');
          expect(error?.storedOffset).toBeLessThanOrEqual(length);
        }
      }
      expect(before).toBe(whole.length);
    }
  });

  test('never keeps a wrong byte where there is a checksum, whichever bit is flipped', async () => {
    const files = [
      gzipSync(LINES),
      gzipSync(LINES, { strategy: constants.Z_FIXED }),
      gzipSync(NOISE, { level: 0 }),
      zstdFrame(LINES),
      zstdFrame(NOISE),
      await streamedFrame(
        [LINES, 'x\n', 'yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy', LINES, NOISE.toString('latin1')],
        10,
      ),
    ];
    for (const file of files) {
      const whole = (await decodeAll(file)).kept;
      const head = file[0] === 0x1f ? 2 : 4;
      const wrong: unknown[] = [];
      for (let bit = head * 8; bit < file.length * 8; bit++) {
        const stored = patched(file, bit >> 3, 1 << (bit & 7));
        try {
          const { kept, error } = await decodeAll(stored);
          const same = kept.equals(whole.subarray(0, kept.length));
          if (!same || (error === undefined && kept.length !== whole.length))
            wrong.push([bit, kept.length, error]);
        } catch (error) {
          expect(error).toBeInstanceOf(OutOfMemoryError);
        }
      }
      expect(wrong).toEqual([]);
    }
  });

  test('gives the same bytes and the same error however a damaged file is cut into chunks', async () => {
    const files = [
      Buffer.concat([gzipMember('first\n'), one, decoratedMember('last\n')]),
      Buffer.concat([
        zstdFrame('first\n'),
        skippableFrame(3),
        await streamedFrame([LINES, 'x\n', LINES], 20),
        frame,
      ]),
    ];
    const damage = fc.oneof(
      fc.record({ flip: fc.nat(), cut: fc.constant(Infinity) }),
      fc.record({ flip: fc.constant(-1), cut: fc.nat() }),
      fc.record({ flip: fc.nat(), cut: fc.nat() }),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        damage,
        fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 }),
        async (file, { flip, cut }, lengths) => {
          const flipped = flip < 0 ? file : patched(file, 4 + (flip % (file.length - 4)), 1 << (flip % 8));
          const stored = cut === Infinity ? flipped : flipped.subarray(0, cut % file.length);
          const atOnce = await decodeAll(stored, [stored.length || 1]).then(outcome, String);
          expect(await decodeAll(stored, lengths).then(outcome, String)).toEqual(atOnce);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('decode', () => {
  test('stops at the limit, before damage behind it', async () => {
    const member = gzipMember(LINES);
    const stored = Buffer.concat([member, gzipMember(LINES).subarray(0, -8), Buffer.from('garbage')]);
    const { error } = await decodeAll(stored);
    for (const decodedLimit of [0, 1, 100, error!.decodedOffset]) {
      const kept: Uint8Array[] = [];
      const options = { maxWindowBytes: 2 ** 31, decodedLimit };
      for await (const { bytes } of decode(inChunks(stored, [50]), options)) kept.push(bytes);
      expect(Buffer.concat(kept).toString()).toBe(LINES.slice(0, decodedLimit));
    }
  });

  test.each<[string, Buffer]>([
    ['gzip', gzipMember(LINES)],
    ['zstd', zstdFrame(LINES)],
  ])('%s over the limit ends at its byte, in the member that goes over it', async (_, member) => {
    const stored = Buffer.concat([member, member, Buffer.from('garbage')]);
    const length = LINES.length;
    // Where the rest is refused from, and what is wrong: what lies behind the limit is not looked at.
    const cases: [number, string, number, number][] = [
      [0, 'over-limit', 0, 0],
      [1, 'over-limit', 0, 1],
      [length - 1, 'over-limit', 0, length - 1],
      [length, 'over-limit', member.length, length],
      [2 * length - 1, 'over-limit', member.length, 2 * length - 1],
      [2 * length, 'corrupt', 2 * member.length, 2 * length],
    ];
    for (const [limit, kind, storedOffset, decodedOffset] of cases)
      for (const lengths of [[1], [7, 100], [1 << 20]]) {
        const { kept, error, chunks } = await decodeAll(stored, lengths, 2 ** 31, limit);
        expect(error).toEqual({ kind, storedOffset, decodedOffset });
        expect(kept.toString()).toBe((LINES + LINES).slice(0, error!.decodedOffset));
        expect(chunks.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(limit);
      }
  });

  test('a plain input is over no limit: its size was known before', async () => {
    expect(await decodeAll(Buffer.from(LINES), [50], 2 ** 31, 10)).toMatchObject({
      kept: Buffer.from(LINES),
    });
  });

  test('names the memory that a larger window needs, before it is allocated', async () => {
    const frame = await streamedFrame([LINES], 31);
    const failed: unknown = await decodeAll(frame, [7], 2 ** 30).catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(OutOfMemoryError);
    expect(failed).toMatchObject({ neededMiB: 4096 });
    expect((await decodeAll(frame, [7], 2 ** 31)).kept.toString()).toBe(LINES);
  });

  test('lets go of the stored bytes when it is left early, and when they fail', async () => {
    for (const stored of [Buffer.from(LINES), gzipMember(LINES), zstdFrame(LINES)]) {
      let closed = 0;
      const source = async function* (): AsyncGenerator<Uint8Array> {
        try {
          yield* inChunks(stored, [stored.length >> 1]);
        } finally {
          closed++;
        }
      };
      for await (const _ of decode(source(), { maxWindowBytes: 2 ** 20 })) break;
      expect(closed).toBe(1);
      const failing = async function* (): AsyncGenerator<Uint8Array> {
        yield* inChunks(stored.subarray(0, 20), [20]);
        throw new RangeError('the disk is gone');
      };
      const reading = (async () => {
        for await (const _ of decode(failing(), { maxWindowBytes: 2 ** 20 }));
      })();
      await expect(reading).rejects.toThrow('the disk is gone');
    }
  });

  test('stops at a signal', async () => {
    const stop = new AbortController();
    const reading = (async () => {
      const options = { maxWindowBytes: 0, signal: stop.signal };
      for await (const _ of decode(inChunks(Buffer.from(LINES), [10]), options)) stop.abort();
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('pulls stored bytes no faster than decoded ones are taken', async () => {
    const gzip = createGzip();
    const stored: Buffer[] = [];
    gzip.on('data', (chunk: Buffer) => stored.push(chunk));
    gzip.end(Buffer.alloc(64 << 20));
    await new Promise((resolve) => gzip.on('end', resolve));
    const file = Buffer.concat(stored);
    let pulled = 0;
    const source = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of inChunks(file, [1000])) {
        pulled += chunk.length;
        yield chunk;
      }
    };
    let decoded = 0;
    for await (const { bytes } of decode(source(), { maxWindowBytes: 0 })) {
      decoded += bytes.length;
      if (decoded > 4 << 20) break;
    }
    expect(pulled).toBeLessThan(10_000);
  });

  test('takes a source that has nothing', async () => {
    for await (const _ of decode(noMore(), { maxWindowBytes: 0 })) expect('a chunk').toBe('none');
  });
});
