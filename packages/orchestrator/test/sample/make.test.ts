import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { SAMPLE_COLUMNS } from '../../src/sample/event-record.ts';
import { makeSample } from '../../src/sample/make.ts';
import type { SampleManifest } from '../../src/sample/manifest.ts';
import { parseSampleRequest, type SampleRequest } from '../../src/sample/request.ts';
import { BAD_KINDS } from '../../src/sample/bad-line.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-sample-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const make = (name: string, changes: Partial<SampleRequest> = {}): Promise<SampleManifest> => {
  const request = {
    files: 3,
    records: 900,
    bad: 0,
    drift: false,
    compression: 'none',
    seed: 7,
    ...changes,
  } as const;
  return makeSample({ ...request, output: join(folder, name) }, { signal: new AbortController().signal });
};

const filesOf = (name: string): string[] =>
  readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function decoded(path: string): Buffer {
  const bytes = readFileSync(path);
  if (path.endsWith('.gz')) return gunzipSync(bytes);
  return path.endsWith('.zst') ? allFrames(bytes) : bytes;
}

/** Node's decoder stops after the first frame: goes on from where each one begins. */
function allFrames(bytes: Buffer): Buffer {
  const MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
  const frames: Buffer[] = [];
  for (let start = 0; start < bytes.length;) {
    if (bytes.readUInt32LE(start) === 0x184d2a50) {
      start += 8 + bytes.readUInt32LE(start + 4);
      continue;
    }
    // A magic number inside a frame is taken for its end only where the frame decodes so.
    for (let end = bytes.indexOf(MAGIC, start + 4); ; end = bytes.indexOf(MAGIC, end + 1)) {
      const skippable = bytes.indexOf(Buffer.from([0x50, 0x2a, 0x4d, 0x18]), start + 4);
      const border = Math.min(...[end, skippable, bytes.length].filter((place) => place > start));
      try {
        frames.push(zstdDecompressSync(bytes.subarray(start, border)));
      } catch (error) {
        if (border === bytes.length) throw error;
        continue;
      }
      start = border;
      break;
    }
  }
  return Buffer.concat(frames);
}

const textOf = (name: string): Buffer => Buffer.concat(filesOf(name).map(decoded));
const hashOf = (name: string): string =>
  createHash('sha256')
    .update(Buffer.concat(filesOf(name).map((path) => readFileSync(path))))
    .digest('hex');

const strict = new TextDecoder('utf-8', { fatal: true });

/** What is in an archive, found without knowing how it was made. */
function found(name: string) {
  const facts = { good: 0, bad: 0, blank: 0, bom: 0, lines: 0, score: 0, eventId: 0n, drifting: 0 };
  const drift: Record<string, { types: string[]; records: number }> = {};
  const bad: { file: string; line: number; offset: number; length: number }[] = [];
  for (const path of filesOf(name)) {
    const bytes = decoded(path);
    let offset = 0;
    if (bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf]))) {
      facts.bom += 1;
      offset = 3;
    }
    for (let line = 1; offset < bytes.length; line++) {
      const end = bytes.indexOf(10, offset);
      const raw = bytes.subarray(offset, end === -1 ? bytes.length : end);
      facts.lines += 1;
      const record = parsed(raw);
      if (raw.length === 0) facts.blank += 1;
      else if (record === undefined) {
        facts.bad += 1;
        bad.push({ file: path.slice(join(folder, name).length + 1), line, offset, length: raw.length });
      } else {
        facts.good += 1;
        facts.score += Number(record['score']);
        facts.eventId += BigInt(/^\{"event_id":(\d+),/.exec(raw.toString())?.[1] ?? 0);
        if (countDrift(drift, record)) facts.drifting += 1;
      }
      offset += raw.length + 1;
    }
  }
  return { ...facts, eventId: String(facts.eventId), drift, badPlaces: bad };
}

function countDrift(
  drift: Record<string, { types: string[]; records: number }>,
  record: Record<string, unknown>,
): boolean {
  const drifts = Object.entries(record).filter(([key, value]) => !fits(key, value));
  for (const [key, value] of drifts) {
    const fact = (drift[key] ??= { types: [], records: 0 });
    fact.records += 1;
    const type = Array.isArray(value) ? 'array' : typeof value;
    if (!fact.types.includes(type)) fact.types.push(type);
  }
  return drifts.length > 0;
}

function parsed(raw: Buffer): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(strict.decode(raw)) as unknown;
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function fits(key: string, value: unknown): boolean {
  if (value === null) return true;
  const types: Readonly<Record<string, string>> = SAMPLE_COLUMNS;
  if (types[key] === 'json') return true;
  if (types[key] === 'int64') return Number.isInteger(value);
  return typeof value === { text: 'string', double: 'number', boolean: 'boolean' }[types[key] ?? ''];
}

describe('the manifest', () => {
  test.each<[string, Partial<SampleRequest>]>([
    ['clean files', {}],
    ['bad lines', { bad: 20 }],
    ['drift', { drift: true }],
    ['everything, compressed', { bad: 23, drift: true, compression: 'mixed', files: 7, records: 5000 }],
    ['one file', { files: 1, bad: 3, records: 50 }],
    ['as many files as records', { files: 13, records: 13, bad: 2 }],
    ['more bad lines than good ones', { files: 2, records: 3, bad: 30 }],
  ])('tells exactly what is in an archive with %s', async (_what, changes) => {
    const manifest = await make('in', changes);
    const facts = found('in');
    expect(facts).toMatchObject({
      good: manifest.records.good,
      bad: manifest.records.bad,
      blank: manifest.skipped.blank,
      bom: manifest.skipped.bom,
      lines: manifest.lines,
      score: manifest.sums.score,
      eventId: manifest.sums.eventId,
      drift: manifest.drift,
      drifting: manifest.driftingRecords,
      badPlaces: manifest.bad.map(({ kind: _kind, ...place }) => place),
    });
    expect(manifest.records).toMatchObject({ good: changes.records ?? 900, bad: changes.bad ?? 0 });
    expect(manifest.files).toBe(filesOf('in').length);
    expect(manifest.bytes).toEqual({
      stored: filesOf('in').reduce((sum, path) => sum + readFileSync(path).length, 0),
      decoded: textOf('in').length,
    });
  });

  test('and the schema lie beside the folder, not in it', async () => {
    const manifest = await make('in', { bad: 1 });
    expect(JSON.parse(readFileSync(join(folder, 'in.manifest.json'), 'utf8'))).toEqual(manifest);
    expect(readFileSync(join(folder, 'in.schema.yaml'), 'utf8')).toContain('columns:\n  event_id: int64\n');
    expect(filesOf('in').every((path) => path.includes('.ndjson'))).toBe(true);
  });
});

describe('an archive', () => {
  test('is the same for the same seed, and another for another', async () => {
    const changes = { bad: 5, drift: true, compression: 'mixed' } as const;
    await make('a', changes);
    await make('b', changes);
    await make('c', { ...changes, seed: 8 });
    expect(hashOf('a')).toBe(hashOf('b'));
    expect(hashOf('a')).not.toBe(hashOf('c'));
  });

  test('is what it was in earlier releases', async () => {
    await make('in', { bad: 9, drift: true });
    expect(hashOf('in')).toBe('02815c4f94dd56249ee0c782c36f03bb95630c9a314633cd4a203092c936076f');
  });

  test('holds the same text in every compression', async () => {
    for (const compression of ['none', 'gzip', 'zstd', 'mixed'] as const)
      await make(compression, { compression, bad: 9 });
    const hash = (name: string): string => createHash('sha256').update(textOf(name)).digest('hex');
    expect(new Set(['none', 'gzip', 'zstd', 'mixed'].map(hash)).size).toBe(1);
  });

  test('has gzip files of several members and zstd files of several frames, with a skippable one', async () => {
    await make('in', { compression: 'mixed', records: 20_000 });
    const [, gzip = '', zstd = ''] = filesOf('in');
    const count = (path: string, magic: number[]): number => {
      const bytes = readFileSync(path);
      let found = 0;
      for (
        let at = bytes.indexOf(Buffer.from(magic));
        at !== -1;
        at = bytes.indexOf(Buffer.from(magic), at + 1)
      )
        found += 1;
      return found;
    };
    expect(count(gzip, [0x1f, 0x8b, 8, 0])).toBeGreaterThan(1);
    expect(count(zstd, [0x28, 0xb5, 0x2f, 0xfd])).toBeGreaterThan(1);
    expect(count(zstd, [0x50, 0x2a, 0x4d, 0x18])).toBe(1);
  });

  test('ends without a line feed, in its last file only', async () => {
    await make('in', {});
    const ends = filesOf('in').map((path) => readFileSync(path).at(-1) === 10);
    expect(ends).toEqual([true, true, false]);
  });

  test('has every kind of bad line, each one bad', async () => {
    const manifest = await make('in', { bad: BAD_KINDS.length });
    expect(manifest.badByKind).toEqual(Object.fromEntries(BAD_KINDS.map((kind) => [kind, 1])));
    expect(found('in').bad).toBe(BAD_KINDS.length);
  });

  test('is never written into a folder that has something in it', async () => {
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'in', 'mine'), 'keep');
    await expect(make('in')).rejects.toThrow(/is not empty \(it has mine\)/);
    expect(readdirSync(join(folder, 'in'))).toEqual(['mine']);
    expect(existsSync(join(folder, 'in.manifest.json'))).toBe(false);
  });

  test('is given up when it is asked to', async () => {
    const request = parseSampleRequest({ output: join(folder, 'in'), kind: 'ndjson' });
    await expect(makeSample(request, { signal: AbortSignal.abort() })).rejects.toThrow();
  });
});

test.each([
  [{ files: '0' }, '--files must be a whole number from 1 to 1000000, got 0'],
  [{ records: 'many' }, '--records must be a whole number from 1 to 1000000000, got many'],
  [{ bad: '-1' }, '--bad must be a whole number from 0 to 100000, got -1'],
  [{ seed: '1.5' }, '--seed must be a whole number from 0 to 4294967295, got 1.5'],
  [{ compression: 'lz4' }, '--compression must be one of none, gzip, zstd, mixed, got lz4'],
  [{ files: '10', records: '9' }, '--files must be at most --records (9), got 10'],
])('flags %j are refused', (flags, message) => {
  expect(() => parseSampleRequest({ output: 'x', ...flags })).toThrow(message);
});
