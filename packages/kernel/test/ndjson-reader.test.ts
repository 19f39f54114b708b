import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Column, PlainType, DriftPolicy } from '../src/column.ts';
import { Kernel } from '../src/kernel.ts';
import { NdjsonReader } from '../src/ndjson-reader.ts';
import { differenceOf, expectedOf } from './expected.ts';
import { COLUMNS, LineMaker, randomNumbers } from './mutations.ts';
import { cut, readAll, readInputs } from './read-all.ts';
import { optionsOf, POLICIES, REST } from './reader-options.ts';

const kernel = new Kernel();
const MIB = 1024 * 1024;

const wide = (count: number, type: (index: number) => PlainType): Column[] =>
  Array.from({ length: count }, (_, index) => ({ name: `column_${index}_of_many`, type: type(index) }));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const utf8 = (text: string): Buffer => Buffer.from(text);

describe('mutated lines', () => {
  test.each(POLICIES)('come out as the oracle says under the policy %s', (drift) => {
    const input = new LineMaker(randomNumbers(20)).input(4000);
    const options = optionsOf(drift);
    expect(differenceOf(readAll(kernel, options, input), expectedOf(options, input))).toBeUndefined();
  });

  test('come out the same however the input is cut and the batches are bounded', () => {
    const any = fc.record({
      seed: fc.nat(),
      lines: fc.nat({ max: 60 }),
      cuts: fc.array(fc.nat({ max: 12_000 }), { maxLength: 40 }),
      drift: fc.constantFrom(...POLICIES),
      batchRows: fc.integer({ min: 1, max: 50 }),
      maxRecordBytes: fc.constantFrom(60, 200, MIB),
      offset: fc.constantFrom(0, 1, 5_000_000_000),
      bom: fc.boolean(),
    });
    fc.assert(
      fc.property(any, ({ seed, lines, cuts, drift, batchRows, maxRecordBytes, offset, bom }) => {
        const made = new LineMaker(randomNumbers(seed)).input(lines);
        const input = bom ? Buffer.concat([utf8('\ufeff'), made]) : made;
        const options = { ...optionsOf(drift, COLUMNS, maxRecordBytes), batchRows };
        const places = cuts.map((place) => Math.min(place, input.length));
        const result = readInputs(kernel, options, [{ offset, chunks: cut(input, places) }]);
        expect(differenceOf(result, expectedOf(options, input, offset))).toBeUndefined();
        expect(result.batches.slice(0, -1).every((rows) => rows === batchRows)).toBe(true);
      }),
      { numRuns: 300, seed: 7, endOnFailure: true },
    );
  });

  test('come out the same from chunks of one byte', () => {
    const input = new LineMaker(randomNumbers(3)).input(100);
    const options = optionsOf('rest');
    const chunks = Array.from(input, (byte) => Uint8Array.of(byte));
    const result = readInputs(kernel, options, [{ offset: 0, chunks }]);
    expect(differenceOf(result, expectedOf(options, input))).toBeUndefined();
  });

  test('come out the same when a chunk is pushed before the last one is drained', () => {
    const input = new LineMaker(randomNumbers(4)).input(500);
    const options = { ...optionsOf('rest', COLUMNS, 200), batchRows: 10_000 };
    const reader = new NdjsonReader(kernel, options);
    reader.startInput(0);
    for (const chunk of cut(input, [1, 5000, 9000, 20_000])) reader.push(chunk);
    reader.endInput();
    expect(reader.next()).toBeUndefined();
    expect(reader.counts).toStrictEqual(expectedOf(options, input).counts);
    reader.dispose();
  });
});

describe('batches', () => {
  const line = (n: number): string => `{"i":${n},"t":"${'x'.repeat(n % 7)}"}\n`;
  const columns: Column[] = [
    { name: 'i', type: 'int64' },
    { name: 't', type: 'text' },
  ];

  test('hold 4,096 rows and span inputs', () => {
    const text = Array.from({ length: 5000 }, (_, n) => line(n)).join('');
    const inputs = [utf8(text), utf8(text)].map((bytes) => ({ offset: 0, chunks: [bytes] }));
    const { batches, rows } = readInputs(kernel, optionsOf('rest', columns), inputs);
    expect(batches).toStrictEqual([4096, 4096, 1808]);
    expect(rows.map(([i]) => i)).toStrictEqual(Array.from({ length: 10_000 }, (_, n) => BigInt(n % 5000)));
  });

  test('end with the record that brings them to 8 MiB, however the input is cut', () => {
    const record = `{"t":"${'y'.repeat(MIB - 9)}"}\n`;
    const input = utf8(record.repeat(20));
    const whole = readInputs(kernel, optionsOf('drop', columns, 2 * MIB), [{ offset: 0, chunks: [input] }]);
    const chunks = cut(input, [MIB / 2, 3 * MIB, 3 * MIB + 1, 8 * MIB, 17 * MIB]);
    const parts = readInputs(kernel, optionsOf('drop', columns, 2 * MIB), [{ offset: 0, chunks }]);
    expect(whole.batches).toStrictEqual([9, 9, 2]);
    expect(parts.batches).toStrictEqual([9, 9, 2]);
    expect(parts.rows).toStrictEqual(whole.rows);
  });

  test('have fewer rows where there are thousands of columns', () => {
    const types: PlainType[] = ['int64', 'text', 'double', 'boolean', 'json'];
    const many = wide(5000, (index) => types[index % 5]!);
    const maker = new LineMaker(randomNumbers(5), many);
    const input = maker.input(8);
    const options = optionsOf('rest', many, 16 * MIB);
    expect(differenceOf(readAll(kernel, options, input), expectedOf(options, input))).toBeUndefined();
    const sparse = utf8('{"column_4999_of_many":[1],"column_0_of_many":7}\n'.repeat(500));
    const { batches, rows } = readAll(kernel, options, sparse);
    expect(batches).toStrictEqual([209, 209, 82]);
    expect(rows.every((row) => row[0] === 7n && row[4999] === '[1]' && row[1] === null)).toBe(true);
  });

  test('are right with no column but _rest, and with no column at all', () => {
    const input = utf8('{"a":1}\n{}\n\n{"a":1,"a":2}\n');
    expect(readAll(kernel, optionsOf('rest', []), input).rows).toStrictEqual([['{"a":1}'], [null]]);
    expect(readAll(kernel, optionsOf('drop', []), input)).toMatchObject({ rows: [[], []], batches: [2] });
    expect(readAll(kernel, optionsOf('fail', []), input).counts).toMatchObject({ rows: 1, bad: 2, blank: 1 });
  });

  test('have zeros where a number is null, whatever stood there before', () => {
    const reader = new NdjsonReader(kernel, { ...optionsOf('drop', columns), batchRows: 2 });
    reader.startInput(0);
    reader.push(utf8('{"i":5}\n{"i":6}\n{"i":null}\n{"i":"x"}\n'));
    expect(reader.next()?.vector(0).nulls).toBe(0);
    const { nulls, values } = reader.next()!.vector(0);
    expect([nulls, ...values]).toStrictEqual([2, ...new Uint8Array(16)]);
    reader.dispose();
  });

  test('stay as they are until the next call', () => {
    const reader = new NdjsonReader(kernel, { ...optionsOf('drop', columns), batchRows: 2 });
    reader.startInput(0);
    reader.push(utf8(line(1) + line(2) + line(3)));
    const first = reader.next();
    expect(first?.rows).toBe(2);
    expect(first?.vector(0).values.slice(0, 1)).toStrictEqual(Uint8Array.of(1));
    expect(reader.next()).toBeUndefined();
    expect(reader.flush()?.rows).toBe(1);
    expect(reader.flush()).toBeUndefined();
    reader.dispose();
  });
});

describe('a byte order mark', () => {
  const read = (offset: number, ...chunks: Uint8Array[]) =>
    readInputs(kernel, optionsOf('rest'), [{ offset, chunks }]);

  test('is skipped and counted at the start of an input, and the record behind it has offset 3', () => {
    const { counts, bad } = read(0, utf8('\ufeff{"i":x}\n'));
    expect(counts).toStrictEqual({ lines: 1, records: 1, rows: 0, bad: 1, blank: 0, bom: 1 });
    expect(bad[0]).toMatchObject({ offset: 3, line: 1, rawLength: 7 });
  });

  test('is no line by itself', () => {
    const counts = { lines: 0, records: 0, rows: 0, bad: 0, blank: 0, bom: 1 };
    expect(read(0, utf8('\ufeff')).counts).toStrictEqual(counts);
    expect(read(0, ...cut(utf8('\ufeff'), [1, 2])).counts).toStrictEqual(counts);
  });

  test('is a fault elsewhere', () => {
    expect(read(8, utf8('\ufeff{}\n')).bad[0]).toMatchObject({ reason: 'not-an-object', offset: 8 });
    expect(read(0, utf8('\ufeff\ufeff{}\n')).bad[0]).toMatchObject({ reason: 'not-an-object', offset: 3 });
  });

  test('that is cut short is a line that is no UTF-8', () => {
    expect(read(0, Uint8Array.of(0xef, 0xbb)).bad).toMatchObject([{ reason: 'invalid-utf8', rawLength: 2 }]);
  });
});

describe('a record longer than allowed', () => {
  const at = (length: number): Buffer => utf8(`{"t":"${'z'.repeat(length - 8)}"}`);

  test.each([
    [100, 'kept'],
    [101, 'refused'],
  ])('%i bytes of 100 are %s', (length, outcome) => {
    const { rows, bad } = readAll(kernel, optionsOf('drop', COLUMNS, 100), at(length));
    expect([rows.length, bad.length]).toStrictEqual(outcome === 'kept' ? [1, 0] : [0, 1]);
  });

  test('is refused for its length whatever it holds', () => {
    const lines = [' '.repeat(101), 'x'.repeat(101), '\xff'.repeat(101), `{"i":1,"i":1${' '.repeat(90)}}`];
    const { bad } = readAll(kernel, optionsOf('drop', COLUMNS, 100), Buffer.from(lines.join('\n'), 'latin1'));
    expect(bad.map(({ reason }) => reason)).toStrictEqual(lines.map(() => 'record-too-long'));
  });

  test('keeps its first MiB, its length and its hash, however it comes', () => {
    const long = at(5 * MIB);
    const input = Buffer.concat([utf8('{"i":1}\n\n'), long, utf8('\n{"i":2}\n{"i":x}')]);
    const options = optionsOf('drop', COLUMNS, 2 * MIB);
    const whole = readAll(kernel, options, input);
    const expected = {
      offset: 9,
      line: 3,
      reason: 'record-too-long',
      rawLength: 5 * MIB,
      sha256: sha256(long),
    };
    expect(whole.bad[0]).toMatchObject(expected);
    expect(whole.bad[0]?.detail).toBe(`${5 * MIB} bytes, at most ${2 * MIB} are allowed`);
    expect(Buffer.compare(whole.bad[0]!.raw, long.subarray(0, MIB))).toBe(0);
    expect(whole.bad[1]).toMatchObject({ offset: 5 * MIB + 18, line: 5, reason: 'invalid-value' });
    expect(whole.counts).toStrictEqual({ lines: 5, records: 4, rows: 2, bad: 2, blank: 1, bom: 0 });
    for (const size of [65_536, 1_000_003, 3 * MIB]) {
      const places = Array.from({ length: Math.ceil(input.length / size) - 1 }, (_, n) => (n + 1) * size);
      expect(readInputs(kernel, options, [{ offset: 0, chunks: cut(input, places) }])).toStrictEqual(whole);
    }
  });

  test('is not gathered in memory', () => {
    const own = new Kernel();
    const reader = new NdjsonReader(own, optionsOf('drop', COLUMNS, MIB));
    const chunk = Buffer.alloc(MIB, 'x');
    reader.startInput(0);
    for (let n = 0; n < 100; n++) {
      reader.push(chunk);
      reader.next();
    }
    reader.endInput();
    expect(reader.takeBad()).toMatchObject([{ rawLength: 100 * MIB }]);
    expect(own.exports.memory.buffer.byteLength).toBeLessThan(16 * MIB);
  });
});

describe('bad records', () => {
  const bads = (text: string, drift: DriftPolicy = 'rest') =>
    readAll(kernel, optionsOf(drift), utf8(text)).bad.map(({ reason, detail }) => `${reason}: ${detail}`);

  test('tell where', () => {
    expect(bads('  {"i":01}\n{"t":"a","t":1}\n[]')).toStrictEqual([
      'invalid-number: at byte 8 of the record',
      'duplicate-key: "t" again at byte 9 of the record',
      'not-an-object: at byte 0 of the record',
    ]);
  });

  test('that drift name the first key, its value and why', () => {
    expect(bads('{"i":1}\n{"i":"x","new":1}\n{"new":{},"i":"x"}\n{"d":1e400}', 'fail')).toStrictEqual([
      'drift: "i": string does not fit int64',
      'drift: unknown key "new", object',
      'drift: "d": number does not fit double',
    ]);
  });

  test('show no more than the start of a long key', () => {
    const key = 'é'.repeat(5000);
    expect(bads(`{"${key}":1}`, 'fail')).toStrictEqual([`drift: unknown key "${'é'.repeat(99)}…, number`]);
  });

  test('are numbered per input and located from its offset', () => {
    const bytes = utf8('{}\nx\n');
    const inputs = [0, 1000, 7].map((offset) => ({ offset, chunks: [bytes] }));
    const { bad, counts } = readInputs(kernel, optionsOf('rest'), inputs);
    expect(bad.map(({ offset, line }) => [offset, line])).toStrictEqual([
      [3, 2],
      [1003, 2],
      [10, 2],
    ]);
    expect(counts).toMatchObject({ lines: 6, rows: 3, bad: 3 });
  });

  test('may be more than the kernel notes at once', () => {
    const { bad, rows } = readAll(kernel, optionsOf('rest'), utf8('x\n{}\n'.repeat(5000)));
    expect(bad.map(({ offset }) => offset)).toStrictEqual(Array.from({ length: 5000 }, (_, n) => n * 5));
    expect(rows).toHaveLength(5000);
  });

  test('are copies', () => {
    const reader = new NdjsonReader(kernel, optionsOf('rest'));
    reader.startInput(0);
    reader.push(utf8('first\n'));
    reader.next();
    const [bad] = reader.takeBad();
    reader.push(utf8('{"i":1}\n'.repeat(100)));
    reader.next();
    expect(Buffer.from(bad!.raw).toString()).toBe('first');
    expect(reader.takeBad()).toStrictEqual([]);
    reader.dispose();
  });
});

describe('drift', () => {
  const LINES =
    '{"i":"x","z":1}\n{"i":2}\n{"i":null,"z":null,"\\u007a2":[]}\n{"i":true,"z":{},"i":1}\n{"i":1.5}\n';
  const COUNTS = [
    { key: 'i', types: ['number', 'string'], records: 2 },
    { key: 'z', types: ['null', 'number'], records: 2 },
    { key: 'z2', types: ['array'], records: 1 },
  ];

  test.each(POLICIES)('is counted under the policy %s', (drift) => {
    expect(readAll(kernel, optionsOf(drift), utf8(LINES)).drift).toStrictEqual(COUNTS);
  });

  test('quarantines the record under fail and leaves the value out under drop', () => {
    expect(readAll(kernel, optionsOf('fail'), utf8(LINES)).counts).toMatchObject({ rows: 1, bad: 4 });
    const dropped = readAll(kernel, optionsOf('drop'), utf8(LINES));
    expect(dropped.counts).toMatchObject({ rows: 4, bad: 1 });
    expect(dropped.rows.map((row) => row[1])).toStrictEqual([null, 2n, null, null]);
  });

  test('is taken once', () => {
    const reader = new NdjsonReader(kernel, optionsOf('rest'));
    const read = (text: string): void => {
      reader.startInput(0);
      reader.push(utf8(text));
      reader.endInput();
      reader.next();
    };
    read('{"a":1}\n');
    expect(reader.takeDrift()).toStrictEqual([{ key: 'a', types: ['number'], records: 1 }]);
    read('{"b":1}\n');
    expect(reader.takeDrift()).toStrictEqual([{ key: 'b', types: ['number'], records: 1 }]);
    expect(reader.takeDrift()).toStrictEqual([]);
    reader.dispose();
  });

  test('is sorted by UTF-8, not by UTF-16', () => {
    const { drift } = readAll(kernel, optionsOf('rest'), utf8('{"\u{10000}":1,"\uffff":1,"a":1,"B":1}'));
    expect(drift.map(({ key }) => key)).toStrictEqual(['B', 'a', '\uffff', '\u{10000}']);
  });

  test('beyond 4,096 keys is counted under *, each record once', () => {
    const lines = Array.from({ length: 4095 }, (_, n) => `{"key${n}":1}\n`).join('');
    const more = '{"*":true}\n{"more1":"x","more2":[]}\n{"more3":1,"key0":2}\n'.repeat(2);
    const { drift, rows } = readAll(kernel, optionsOf('rest'), utf8(lines + more));
    expect(drift).toHaveLength(4096);
    expect(drift[0]).toStrictEqual({ key: '*', types: ['array', 'boolean', 'number', 'string'], records: 6 });
    expect(drift.find(({ key }) => key === 'key0')?.records).toBe(3);
    expect(rows.at(-1)?.at(-1)).toBe('{"more3":1,"key0":2}');
  });

  test('of many keys in one record is found to be double or not', () => {
    const pairs = Array.from({ length: 2000 }, (_, n) => `"k${n}":${n}`);
    const twice = (n: number): string => `{${[...pairs, `"\\u006b${n}":0`].join(',')}}`;
    const lines = [`{${pairs.join(',')}}`, ...[0, 15, 16, 17, 31, 32, 1000, 1999].map(twice)];
    const { rows, bad } = readAll(kernel, optionsOf('rest'), utf8(lines.join('\n')));
    expect(rows.map((row) => row.at(-1))).toStrictEqual([lines[0]]);
    expect(bad.map(({ reason }) => reason)).toStrictEqual(lines.slice(1).map(() => 'duplicate-key'));
  });

  test('of more than 65,536 keys in one record quarantines it', () => {
    const record = (keys: number): string =>
      `{${Array.from({ length: keys }, (_, n) => `"${n}":0`).join(',')}}`;
    const input = utf8(`${record(65_536)}\n${record(65_537)}\n{"i":1}\n`);
    const { rows, bad } = readAll(kernel, optionsOf('rest', COLUMNS, 2 * MIB), input);
    expect(rows.map((row) => row[1])).toStrictEqual([null, 1n]);
    expect(rows[0]?.at(-1)).toBe(record(65_536));
    expect(bad.map(({ reason }) => reason)).toStrictEqual(['too-many-keys']);
  });
});

describe('the reader refuses', () => {
  const t: Column = { name: 't', type: 'text' };
  test.each([
    ['a record limit of 0', optionsOf('drop', [t], 0), /maxRecordBytes must be from 1 to 134217727, got 0/],
    ['a record limit of 128 MiB', optionsOf('drop', [t], 128 * MIB), /got 134217728/],
    ['two columns of one name', optionsOf('drop', [t, t]), /got "t" twice/],
    ['rest without _rest', { ...optionsOf('drop', [t]), drift: 'rest' as const }, /must be _rest/],
    [
      '_rest that is no text',
      { ...optionsOf('drop', [{ ...REST, type: 'json' }]), drift: 'rest' as const },
      /_rest/,
    ],
    [
      '_rest without rest',
      optionsOf('fail', [REST]),
      /under the drift policy fail no column may be called _rest/,
    ],
  ])('%s', (_, options, message) => {
    expect(() => new NdjsonReader(kernel, options)).toThrow(message);
  });

  test('a new input before the last one is drained', () => {
    const reader = new NdjsonReader(kernel, optionsOf('rest'));
    reader.startInput(0);
    reader.push(utf8('{"i":1}'));
    reader.endInput();
    expect(() => reader.startInput(0)).toThrow(/the input before is not read to its end/);
    reader.next();
    reader.startInput(0);
    reader.dispose();
  });
});

test('a reader gives its memory back', () => {
  const own = new Kernel();
  const input = new LineMaker(randomNumbers(6)).input(2000);
  readAll(own, optionsOf('rest'), input);
  const before = own.exports.memory.buffer.byteLength;
  for (let n = 0; n < 20; n++) readAll(own, optionsOf('rest'), input);
  expect(own.exports.memory.buffer.byteLength).toBe(before);
});
