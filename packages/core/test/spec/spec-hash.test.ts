import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseSpec } from '../../src/spec/parse-spec.ts';
import { HASHED_FIELDS, absoluteRoot, specHash } from '../../src/spec/spec-hash.ts';
import { SPEC_FIELDS, type SpecField } from '../../src/spec/spec.ts';

const CONTAINER = { vcpuHour: 0.04, gibHour: 0.004 };
const KINDS = { onDemand: CONTAINER, spot: CONTAINER };
const PRICES = {
  ...{ date: '2026-11', region: 'us-east-1', source: 'here' },
  fargate: { x86: KINDS, arm64: KINDS },
  s3: { writesPer1000: 0.005, readsPer1000: 0.0004 },
  logs: { gb: 0.5 },
};

const types = fc.constantFrom('text', 'int64', 'double', 'boolean', 'json');
const values: Readonly<Record<SpecField, fc.Arbitrary<unknown>>> = {
  source: fc.constantFrom('in', 'other', '/abs/in', 'logs/**/*.gz'),
  output: fc.constantFrom(undefined, 'out', 'elsewhere'),
  format: fc.constant('parquet'),
  layout: fc.constantFrom('parts', 'mirror'),
  recordsPath: fc.constantFrom(undefined, 'Records', 'a.b', '/a/b'),
  csvSafe: fc.constant(false),
  // AL3 has no use for what is above, and has a test of its own.
  inputFormat: fc.constant('json'),
  dictionary: fc.constant(undefined),
  strict: fc.constant(false),
  decimals: fc.constant('number'),
  raw: fc.constant(false),
  centuryPivot: fc.constant(50),
  jsonShape: fc.constant('tree'),
  schema: fc.option(
    fc.dictionary(fc.constantFrom('a', 'b', 'c'), types, { minKeys: 1 }).map((columns) => ({ columns })),
    { nil: undefined },
  ),
  drift: fc.constantFrom('rest', 'fail', 'drop'),
  unitBytes: fc.option(fc.integer({ min: 65536, max: 2 ** 33 }), { nil: undefined }),
  rowGroupRows: fc.integer({ min: 1, max: 2 ** 24 }),
  rowGroupBytes: fc.integer({ min: 65536, max: 2 ** 28 }),
  maxRecordBytes: fc.integer({ min: 1024, max: 127 * 2 ** 20 }),
  maxInputRatio: fc.integer({ min: 1, max: 2000 }),
  maxInputDecoded: fc.option(fc.integer({ min: 65536, max: 2 ** 40 }), { nil: undefined }),
  level: fc.integer({ min: 1, max: 19 }),
  codec: fc.constantFrom(undefined, 'zstd'),
  parquetProfile: fc.constant('default'),
  concurrency: fc.integer({ min: 0, max: 1024 }),
  memory: fc.integer({ min: 256, max: 4096 }),
  maxQuarantined: fc.oneof(fc.nat(), fc.constant('1%')),
  tolerate: fc.constantFrom(undefined, 0, 3, '1%'),
  retention: fc.constantFrom(undefined, '1h', '30d'),
  onSuccess: fc.constantFrom(undefined, 'true', ['true', 'https://a.example/${secret:TOKEN}']),
  onFailure: fc.constantFrom(undefined, 'mail', 'https://b.example'),
  backend: fc.constantFrom('local', 'aws-batch'),
  shardUnits: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
  queue: fc.constantFrom('spot', 'other'),
  jobDefinition: fc.constantFrom('worker', 'worker:2'),
  vcpus: fc.constantFrom(0.25, 1, '2'),
  timeoutSeconds: fc.integer({ min: 60, max: 100_000 }),
  maxRunning: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
  fallbackQueue: fc.constantFrom(undefined, 'on-demand'),
  fallbackMaxCost: fc.constantFrom(0, 2.5, '7'),
  maxCost: fc.constantFrom(undefined, 0, 2.5, '7'),
  prices: fc.constantFrom(undefined, PRICES, { ...PRICES, region: 'eu-west-1' }),
  runnableMinutes: fc.integer({ min: 1, max: 60 }),
  pollSeconds: fc.integer({ min: 1, max: 60 }),
  tags: fc.constantFrom(undefined, 'a=b', { a: 'b', c: 'd' }),
};

/** Codecs that are not alike have a test of their own: not every level goes with them. */
const COMPATIBLE_NONE = { codec: 'none', parquetProfile: 'compatible' };

/** A limit on the cost goes with AWS Batch alone. */
const hashOf = ({ maxCost, ...input }: Record<string, unknown>): string =>
  specHash(parseSpec(input['backend'] === 'aws-batch' ? { ...input, maxCost } : input), {
    sourceRoot: '/here',
  });

describe('the spec hash', () => {
  test.each(SPEC_FIELDS)('changes with %s exactly where that changes cuts, bytes or schema', (field) => {
    const hashed = (HASHED_FIELDS as readonly string[]).includes(field);
    fc.assert(
      fc.property(fc.record(values), values[field], (spec, other) => {
        const same = field === 'codec' || JSON.stringify(spec[field]) === JSON.stringify(other);
        expect(hashOf(spec) === hashOf({ ...spec, [field]: other })).toBe(same || !hashed);
      }),
    );
  });

  test('covers the format, and csvSafe where it is set', () => {
    const hashes = [
      { format: 'parquet' },
      { format: 'ndjson' },
      { format: 'json' },
      { format: 'csv' },
      { format: 'csv', csvSafe: true },
    ];
    expect(new Set(hashes.map((more) => hashOf({ source: 'in', ...more }))).size).toBe(hashes.length);
    expect(hashOf({ source: 'in', format: 'csv', csvSafe: false })).toBe(
      hashOf({ source: 'in', format: 'csv' }),
    );
  });

  test('covers the limits of inputs where they are not the default: older runs keep their hashes', () => {
    const defaults = hashOf({ source: 'in' });
    expect(defaults).toBe('7ddb34fa14cb751c460e49213323b1c87e344729ad98b007ab1d83a829d9a963');
    expect(hashOf({ source: 'in', maxInputRatio: 1000 })).toBe(defaults);
    expect(hashOf({ source: 'in', maxInputRatio: 999 })).not.toBe(defaults);
    expect(hashOf({ source: 'in', maxInputDecoded: '1GiB' })).not.toBe(defaults);
  });

  test('covers how AL3 is read', () => {
    const group = { group: '5ZZZ', name: 'z' };
    const dictionary = [{ ...group, elements: [{ name: 'a', start: 31, length: 4, type: 'AN' }] }];
    const hashes = [
      ...[
        {},
        { strict: true },
        { decimals: 'string' },
        { raw: true },
        { centuryPivot: 30 },
        { jsonShape: 'flat' },
        { dictionary },
      ],
      { dictionary: [{ ...group, elements: [{ name: 'a', start: 31, length: 4, type: 'N0' }] }] },
      ...[{ format: 'ndjson' }, { layout: 'parts' }],
    ].map((more) => hashOf({ source: 'in', inputFormat: 'al3', ...more }));
    expect(new Set([hashOf({ source: 'in' }), ...hashes]).size).toBe(hashes.length + 1);
  });

  test('covers the codec and the profile where they change bytes', () => {
    const hashes = [
      {},
      { codec: 'snappy' },
      { codec: 'none' },
      { parquetProfile: 'compatible' },
      COMPATIBLE_NONE,
    ];
    expect(new Set(hashes.map((more) => hashOf({ source: 'in', ...more }))).size).toBe(hashes.length);
    expect(hashOf({ source: 'in', codec: 'snappy', parquetProfile: 'compatible' })).toBe(
      hashOf({ source: 'in', parquetProfile: 'compatible' }),
    );
    expect(hashOf({ source: 'in', codec: 'zstd', parquetProfile: 'default' })).toBe(hashOf({ source: 'in' }));
  });

  test('leaves out the settings and the output', () => {
    expect(SPEC_FIELDS.filter((field) => !(HASHED_FIELDS as readonly string[]).includes(field))).toEqual([
      'output',
      'concurrency',
      'memory',
      'maxQuarantined',
      'tolerate',
      'retention',
      'onSuccess',
      'onFailure',
      'backend',
      'queue',
      'jobDefinition',
      'vcpus',
      'timeoutSeconds',
      'maxRunning',
      'fallbackQueue',
      'fallbackMaxCost',
      'maxCost',
      'prices',
      'runnableMinutes',
      'pollSeconds',
      'tags',
      'shardUnits',
    ]);
  });

  test.each([
    ['in', '/here/in'],
    ['./in/', '/here/in'],
    ['/abs/in', '/abs/in'],
    ['file:///abs/in', '/abs/in'],
    ['logs/**/*.gz', '/here/logs/**/*.gz'],
    ['s3://bucket/in/', 's3://bucket/in'],
    ['s3://bucket/', 's3://bucket'],
    ['s3://bucket/a//', 's3://bucket/a//'],
    ['s3://bucket/**/*.gz', 's3://bucket/**/*.gz'],
    ['@s3://bucket/list.txt', '@s3://bucket/list.txt'],
  ])('takes the source %s for %s', (source, absolute) => {
    expect(absoluteRoot(source, '/here')).toBe(absolute);
    expect(hashOf({ source })).toBe(hashOf({ source: absolute }));
  });

  test('is the same for the same thing written differently', () => {
    expect(hashOf({ level: '3', source: 'in', unitBytes: '64MiB' })).toBe(
      hashOf({ source: 'in', unitBytes: 67108864 }),
    );
  });

  test('depends on the order of the columns', () => {
    const ordered = (columns: object): string => hashOf({ source: 'in', schema: { columns } });
    expect(ordered({ a: 'text', b: 'text' })).not.toBe(ordered({ b: 'text', a: 'text' }));
  });

  test('leaves out a later field that has its default', () => {
    expect(hashOf({ source: '/in', layout: 'parts' })).toBe(hashOf({ source: '/in' }));
    expect(hashOf({ source: '/in', layout: 'mirror' })).not.toBe(hashOf({ source: '/in' }));
  });

  test('covers nested types and decimals, whatever form they are given in', () => {
    const of = (schema: object): string => hashOf({ source: 'in', schema });
    const columns = (type: unknown): string => of({ columns: { a: type } });
    const hashes = [
      columns('json'),
      columns('decimal(18,2)'),
      columns('decimal(18,3)'),
      columns({ list: 'text' }),
      columns({ map: 'text' }),
      columns({ list: { list: 'text' } }),
      columns({ struct: { b: 'text', c: 'date' } }),
      columns({ struct: { c: 'date', b: 'text' } }),
      columns({ struct: { b: 'text', c: 'text' } }),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
    const properties = { b: { type: 'string' }, c: { type: 'string', format: 'date' } };
    expect(of({ type: 'object', properties: { a: { type: 'object', properties } } })).toBe(hashes[6]);
  });

  test('stays what it was in earlier releases', () => {
    expect(hashOf({ source: '/in' })).toBe(
      '30b987ada2becc1c6aeba8bfe5ec8fee18da034393a4cf7384092ce270d954ca',
    );
    expect(hashOf({ source: '/in', schema: { columns: { b: 'text', a: 'int64' } } })).toBe(
      '73296b15710df48d69efea1c275038161f27e4708e1dcfaf2e54f21988215365',
    );
  });
});
