import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { objectsInTheWay } from '../../src/plan/in-the-way.ts';
import { gzipSync } from 'node:zlib';
import { StorageError, type StorageErrorCode } from '../../src/errors.ts';
import { draftPlan, type PlanDraft } from '../../src/plan/draft.ts';
import type { Unit } from '../../src/shapes/unit.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import { createBytes } from '../../src/commit/objects.ts';
import type { Storage, StoredObject } from '../../src/storage/storage.ts';

/** A zstd frame header with this window descriptor (RFC 8878, 3.1.1.1.2) and an empty last block. */
const zstdFrame = (windowDescriptor: number): Uint8Array =>
  Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0, windowDescriptor, 1, 0, 0);

async function storageWith(files: Record<string, string | Uint8Array>): Promise<Storage> {
  const storage = new MemoryStorage();
  for (const [key, content] of Object.entries(files)) await createBytes(storage, key, Buffer.from(content));
  return storage;
}

async function draftOf(storage: Storage, unitBytes: number): Promise<PlanDraft> {
  return draftPlan({ storage, inputs: storage.list(''), unitBytes });
}

async function textOf(draft: PlanDraft): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of draft.text()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

test('the text of a plan has a unit a line, numbered by memory class, and its hash', async () => {
  const storage = await storageWith({
    a: '{"x":1}\n',
    b: zstdFrame(0xa8), // 2 GiB: 1 << (10 + 21)
    c: '{"x":2}\n',
    d: '{"x":3}\n{"x":4}\n{"x":5}\n',
  });
  const draft = await draftOf(storage, 17);
  try {
    const text = await textOf(draft);
    expect(text.endsWith('\n')).toBe(true);
    const units = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Unit);
    const short = units.map(({ unit, inputs, range, memoryMiB }) =>
      [unit, inputs.map(({ key }) => key).join('+'), range && `${range.start}-${range.end}`, memoryMiB].join(
        ' ',
      ),
    );
    expect(short).toEqual(['0 a  512', '1 c  512', '2 d 0-12 512', '3 d 12-24 512', '4 b  4096']);
    expect(Object.keys(units[2]!)).toEqual(['unit', 'inputs', 'range', 'decoded', 'memoryMiB']);
    expect(draft.classes).toEqual([
      { memoryMiB: 512, firstUnit: 0, units: 4 },
      { memoryMiB: 4096, firstUnit: 4, units: 1 },
    ]);
    expect(draft.sha).toBe(createHash('sha256').update(text).digest('hex'));
    expect(draft).toMatchObject({ units: 5, inputs: 4, bytes: 8 + 9 + 8 + 24 });
    const shares: string[] = [];
    for await (const { unit, input, decoded } of draft.shares())
      shares.push(`${unit} ${input.key} ${decoded}`);
    expect(shares).toEqual(['0 a 8', '1 c 8', '2 d 12', '3 d 12', `4 b ${units[4]!.decoded}`]);
  } finally {
    await draft.dispose();
  }
});

test('names of any kind and length stand in the plan as they are', async () => {
  const names = ['"quoted"', 'back\\slash', 'line\nfeed', 'ü 😀', '},{"key":"', 'n'.repeat(100_000), '{'];
  const storage = await storageWith(Object.fromEntries(names.map((name) => [name, '{}\n'])));
  const draft = await draftOf(storage, 1000);
  try {
    const { inputs } = JSON.parse(await textOf(draft)) as Unit;
    expect(inputs.map(({ key }) => key).sort()).toEqual([...names].sort());
  } finally {
    await draft.dispose();
  }
});

test('the text comes in pieces, however many inputs a unit has', async () => {
  const count = 5000;
  async function* inputs(): AsyncGenerator<StoredObject> {
    for (let n = 0; n < count; n++)
      yield await Promise.resolve({ key: String(n).padStart(100, '0'), size: 0, pin: 'p' });
  }
  const draft = await draftPlan({ storage: new MemoryStorage(), inputs: inputs(), columns: [] });
  try {
    let longest = 0;
    let length = 0;
    for await (const piece of draft.text()) {
      longest = Math.max(longest, piece.length);
      length += piece.length;
    }
    expect(draft.units).toBe(1);
    expect(length).toBeGreaterThan(count * 100);
    expect(longest).toBeLessThanOrEqual(64 << 10);
  } finally {
    await draft.dispose();
  }
});

test('a listing is taken one by one: a failure in it comes before anything else is asked of it', async () => {
  let asked = 0;
  async function* inputs(): AsyncGenerator<StoredObject> {
    for (; asked < 10; asked++) yield await Promise.resolve({ key: String(asked), size: 0, pin: 'p' });
    throw new Error('the listing failed');
  }
  await expect(draftPlan({ storage: new MemoryStorage(), inputs: inputs(), columns: [] })).rejects.toThrow(
    'the listing failed',
  );
  expect(asked).toBe(10);
});

describe('in the layout mirror', () => {
  const mirrored = async (files: Record<string, string>, taken: readonly string[] = []) => {
    const storage = await storageWith(files);
    const stream = async function* () {
      for (const name of taken) yield await Promise.resolve(name);
    };
    return draftPlan({
      storage,
      inputs: storage.list(''),
      unitBytes: 1000,
      columns: [],
      mirror: { extension: 'parquet', taken: stream() },
    });
  };

  test('each input has the name of its output, or is refused, in text and shares alike', async () => {
    const draft = await mirrored(
      { 'a.json': '{}', 'b.json': '{}', 'b.jsonl': '{}', '_winnow/x': '{}', 'c.json': '{}' },
      ['c.parquet'],
    );
    try {
      const { inputs } = JSON.parse(await textOf(draft)) as Unit;
      expect(inputs.map(({ key, output, refuse }) => [key, output ?? refuse])).toEqual([
        ['_winnow/x', 'name-taken'],
        ['a.json', 'a.parquet'],
        ['b.json', 'b.json.parquet'],
        ['b.jsonl', 'b.jsonl.parquet'],
        ['c.json', 'c.json.parquet'],
      ]);
      expect((await Array.fromAsync(draft.shares())).map(({ input }) => input)).toEqual(inputs);
      expect(draft.decoded).toBe(8);
    } finally {
      await draft.dispose();
    }
  });

  test('what has a name already keeps it and what it replaces', async () => {
    const storage = await storageWith({ 'a.json': '{}' });
    const replaces = '0'.repeat(64);
    const inputs = async function* () {
      for await (const input of storage.list('')) yield { ...input, output: 'kept', replaces };
    };
    const mirror = { extension: 'parquet' };
    const draft = await draftPlan({ storage, inputs: inputs(), columns: [], mirror });
    try {
      expect((JSON.parse(await textOf(draft)) as Unit).inputs).toMatchObject([{ output: 'kept', replaces }]);
      expect(await objectsInTheWay(await storageWith({ kept: '' }), () => draft.shares())).toMatchObject({
        total: 0,
      });
    } finally {
      await draft.dispose();
    }
  });

  test("a stranger's objects where outputs are to be are found, and nothing else", async () => {
    const draft = await mirrored({ 'a.json': '{}', 'b/c.json': '{}', 'd.json': '{}' });
    try {
      const look = async (output: Record<string, string>) =>
        objectsInTheWay(await storageWith(output), () => draft.shares());
      expect(await look({ _SUCCESS: '', '_winnow/generations/0.json': '', 'a.json': '' })).toEqual({
        total: 0,
        first: [],
      });
      expect(await look({ 'a.parquet': '', 'b/c.parquet': '', 'b/d.parquet': '' })).toEqual({
        total: 2,
        first: ['a.parquet', 'b/c.parquet'],
      });
    } finally {
      await draft.dispose();
    }
  });
});

const wide = (count: number): object[] =>
  Array.from({ length: count }, (_, n) => ({ id: n, text: `"],[${n}`, nested: { list: [n, {}] } }));

test.each<[string, (records: object[]) => string | Uint8Array, string | undefined]>([
  ['lines', (records) => records.map((record) => `${JSON.stringify(record)}\n`).join(''), undefined],
  [
    'an element a line',
    (records) => `[\n${records.map((record) => JSON.stringify(record)).join(',\n')}\n]\n`,
    undefined,
  ],
  ['an array on one line', (records) => JSON.stringify(records), undefined],
  ['a pretty array', (records) => JSON.stringify(records, undefined, 2), undefined],
  ['a pretty array, gzip', (records) => gzipSync(JSON.stringify(records, undefined, 2)), undefined],
  ['documents', (records) => JSON.stringify({ x: { r: [7] }, r: records }), 'r'],
  [
    'documents, gzip',
    (records) => gzipSync(JSON.stringify({ x: { r: [7] }, r: records }, undefined, 1)),
    'r',
  ],
])('columns are inferred from %s, small and large', async (_, write, recordsPath) => {
  for (const count of [3, 30_000]) {
    const storage = await storageWith({ a: write(wide(count)) });
    const draft = await draftPlan({ storage, inputs: storage.list(''), recordsPath });
    try {
      expect(draft.columns).toEqual([
        { name: 'id', type: 'int64' },
        { name: 'text', type: 'text' },
        {
          name: 'nested',
          type: 'struct',
          fields: [{ name: 'list', type: 'list', element: { type: 'json' } }],
        },
      ]);
      expect(draft.sampledRecords).toBeGreaterThanOrEqual(Math.min(count, 1000));
    } finally {
      await draft.dispose();
    }
  }
});

test('an input of nothing but blank lines is planned, however many they are', async () => {
  const storage = await storageWith({ a: '\n'.repeat(2 ** 20) });
  const draft = await draftOf(storage, 2 ** 20);
  try {
    expect(draft).toMatchObject({ units: 1, columns: [], sampledRecords: 0 });
  } finally {
    await draft.dispose();
  }
});

describe('an input that cannot be read while it is sampled', () => {
  const files = {
    'a.ndjson': '{"a":1}\n'.repeat(2000),
    'b.gz': gzipSync('{"b":"text"}\n'.repeat(50)),
    'c.gz': gzipSync(Array.from({ length: 3000 }, (_, n) => `{"c":${n * n}}\n`).join('')),
  };

  /** A plan during which the reading of this number, from 0, fails once its first bytes came. */
  async function draftWithFailure(
    code: StorageErrorCode,
    at: number,
  ): Promise<{ reads: number; columns: string[] }> {
    const storage = await storageWith(files);
    let reads = 0;
    const read = storage.read.bind(storage);
    storage.read = async function* (key, options) {
      const fails = reads++ === at;
      yield* read(key, options);
      if (fails) throw new StorageError(code, 'read', key, 'by the test');
    };
    const draft = await draftOf(storage, 4096);
    await draft.dispose();
    return { reads, columns: draft.columns.map(({ name }) => name) };
  }

  test('is left to the worker where that is a finding about it, and fails the plan where it may pass', async () => {
    const { reads, columns } = await draftWithFailure('denied', Infinity);
    expect(columns).toEqual(expect.arrayContaining(['a', 'b', 'c']));
    expect(reads).toBeGreaterThan(6);
    for (let at = 0; at < reads; at++) {
      // Else the columns and cuts of the run would hang on what passes.
      await expect(draftWithFailure('transient', at)).rejects.toMatchObject({
        code: 'transient',
        retryable: true,
      });
      await draftWithFailure('denied', at);
    }
  });
});

describe('inputs that look like AL3', () => {
  const AL3 = `1MHG196 7 ${' '.repeat(186)}2TRG212`;

  test('are not planned as JSON', async () => {
    const storage = await storageWith({ a: AL3, 'b.gz': gzipSync(AL3) });
    await expect(draftOf(storage, 1 << 20)).rejects.toThrow('the inputs look like AL3: a begins with 1MHG');
  });

  test('are planned as documents, which no unit splits', async () => {
    const storage = await storageWith({ a: AL3, b: AL3, c: AL3.repeat(20) });
    const draft = await draftPlan({
      ...{ storage, inputs: storage.list(''), unitBytes: 500, documents: true, columns: [] },
    });
    try {
      const units = (await textOf(draft))
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Unit);
      expect(
        units.map(({ inputs, range, subUnits }) => [inputs.map(({ key }) => key).join(), range, subUnits]),
      ).toEqual([
        ['a,b', undefined, undefined],
        ['c', undefined, undefined],
      ]);
    } finally {
      await draft.dispose();
    }
  });

  test('beside JSON are left to quarantine', async () => {
    const draft = await draftOf(await storageWith({ a: AL3, b: '{"x":1}' }), 1 << 20);
    expect(draft.inputs).toBe(2);
    await draft.dispose();
  });
});
