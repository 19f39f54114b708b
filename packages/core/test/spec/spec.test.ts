import { describe, expect, test } from '@jest/globals';
import { parseSpec } from '../../src/spec/parse-spec.ts';
import { SpecError } from '../../src/spec/problems.ts';
import { codecOf, SPEC_FIELDS } from '../../src/spec/spec.ts';

const MIB = 2 ** 20;
const HOOK_RULE =
  'must be a command, a URL (https://…), or the ARN of an SNS topic or an EventBridge bus; or a list of them';
const NO_SECRET = 'must hold no ${secret:NAME}: it is stored with the run, only onSuccess and onFailure may';

function linesOf(input: Record<string, unknown>): string[] {
  try {
    parseSpec(input);
  } catch (error) {
    if (error instanceof SpecError)
      return error.problems.map(({ message, hint }) =>
        hint === undefined ? message : `${message}: ${hint}`,
      );
    throw error;
  }
  return [];
}

describe('a spec', () => {
  test('gets its defaults', () => {
    expect(parseSpec({ source: 'in' })).toEqual({
      source: 'in',
      inputFormat: 'json',
      format: 'parquet',
      layout: 'parts',
      strict: false,
      decimals: 'number',
      raw: false,
      centuryPivot: 50,
      jsonShape: 'tree',
      csvSafe: false,
      drift: 'rest',
      rowGroupRows: 100_000,
      rowGroupBytes: 32 * MIB,
      maxRecordBytes: 64 * MIB,
      maxInputRatio: 1000,
      level: 3,
      parquetProfile: 'default',
      concurrency: 0,
      memory: 512,
      maxQuarantined: { records: 0 },
      backend: 'local',
      vcpus: 1,
      timeoutSeconds: 14_400,
      fallbackMaxCost: 10,
      runnableMinutes: 15,
      pollSeconds: 10,
    });
  });

  test.each<[string, unknown, unknown]>([
    ['unitBytes', '64MiB', 64 * MIB],
    ['unitBytes', '1 GiB', 1024 * MIB],
    ['unitBytes', '1.5mib', 1.5 * MIB],
    ['unitBytes', '100MB', 100_000_000],
    ['unitBytes', 65536, 65536],
    ['unitBytes', '65536', 65536],
    ['memory', 512, 512],
    ['memory', '512', 512],
    ['memory', '2GiB', 2048],
    ['memory', '600MB', 572],
    ['maxQuarantined', 25, { records: 25 }],
    ['maxQuarantined', '25', { records: 25 }],
    ['maxQuarantined', '1', { records: 1 }],
    ['maxQuarantined', '1%', { share: 0.01 }],
    ['maxQuarantined', '100 %', { share: 1 }],
    ['maxQuarantined', 0.01, { share: 0.01 }],
    ['maxQuarantined', '0.01', { share: 0.01 }],
    ['tolerate', 0, { shards: 0 }],
    ['tolerate', '5', { shards: 5 }],
    ['tolerate', '2.5%', { share: 0.025 }],
    ['retention', '1h', 3_600_000],
    ['retention', '30d', 2_592_000_000],
    ['onSuccess', 'true', ['true']],
    [
      'onSuccess',
      [' curl x ', 'https://h.example/${secret:TOKEN}'],
      ['curl x', 'https://h.example/${secret:TOKEN}'],
    ],
    ['onFailure', '${secret:SLACK_2}', ['${secret:SLACK_2}']],
    ['onFailure', [], []],
    ['level', '19', 19],
    ['format', 'ndjson', 'ndjson'],
    ['format', 'json', 'json'],
    ['format', 'csv', 'csv'],
    ['csvSafe', 'false', false],
    ['concurrency', 4, 4],
    [
      'schema',
      { columns: { b: 'text', a: 'int64' } },
      {
        columns: [
          { name: 'b', type: 'text' },
          { name: 'a', type: 'int64' },
        ],
      },
    ],
    [
      'schema',
      JSON.parse('{"columns":{"__proto__":"text"}}'),
      { columns: [{ name: '__proto__', type: 'text' }] },
    ],
  ])('reads %s %j', (field, written, read) => {
    expect(parseSpec({ source: 'in', [field]: written })).toMatchObject({ [field]: read });
  });

  test.each<[string, unknown, string]>([
    ['unitBytes', '1KiB', 'unitBytes must be a size from 64 KiB to 8 GiB, such as 64MiB, got 1KiB'],
    ['unitBytes', '9GiB', 'unitBytes must be a size from 64 KiB to 8 GiB, such as 64MiB, got 9GiB'],
    [
      'unitBytes',
      '64 parsecs',
      'unitBytes must be a size from 64 KiB to 8 GiB, such as 64MiB, got 64 parsecs',
    ],
    ['memory', 255, 'memory must be from 256 MiB to 1024 GiB, such as 512 (MiB) or 2GiB, got 255'],
    [
      'maxQuarantined',
      1.5,
      'maxQuarantined must be a count of records (25) or a share of them (1% or 0.01), got 1.5',
    ],
    [
      'maxQuarantined',
      '101%',
      'maxQuarantined must be a count of records (25) or a share of them (1% or 0.01), got 101%',
    ],
    [
      'maxQuarantined',
      -1,
      'maxQuarantined must be a count of records (25) or a share of them (1% or 0.01), got -1',
    ],
    ['tolerate', 'many', 'tolerate must be a count of shards (5) or a share of them (1% or 0.01), got many'],
    ['retention', '59m', 'retention must be a time of 1h or more, such as 12h or 30d, got 59m'],
    ['retention', 30, 'retention must be a time of 1h or more, such as 12h or 30d, got 30'],
    ['onSuccess', [['true']], `onSuccess ${HOOK_RULE}, got [["true"]]`],
    ['onSuccess', ['true', ' '], `onSuccess ${HOOK_RULE}, got ["true"," "]`],
    ['onFailure', 'https://', `onFailure ${HOOK_RULE}, got https://`],
    [
      'onFailure',
      'arn:aws:sqs:eu-west-1:123456789012:q',
      `onFailure ${HOOK_RULE}, got arn:aws:sqs:eu-west-1:123456789012:q`,
    ],
    [
      'onSuccess',
      'echo ${secret:token}',
      'onSuccess must name secrets as ${secret:NAME}, in capitals, digits and _, got echo ${secret:token}',
    ],
    ['source', 's3://b/${secret:A}', `source ${NO_SECRET}, got s3://b/\${secret:A}`],
    ['output', '${secret:', `output ${NO_SECRET}, got \${secret:`],
    ['recordsPath', 'a${secret:A}', `recordsPath ${NO_SECRET}, got a\${secret:A}`],
    ['tags', 'a=${secret:A}', `tags ${NO_SECRET}, got a=\${secret:A}`],
    [
      'schema',
      { columns: { '${secret:A}': 'text' } },
      `schema ${NO_SECRET}, got {"columns":{"\${secret:A}":"text"}}`,
    ],
    ['queue', '${secret:A}', 'queue must be a name or an ARN, got ${secret:A}'],
    ['level', 20, 'level must be a whole number from 1 to 19, got 20'],
    ['level', 2.5, 'level must be a whole number from 1 to 19, got 2.5'],
    ['format', 'tar.gz', 'format is not in this release; it has parquet, ndjson, json, csv, got tar.gz'],
    ['format', 'xml', 'format must be one of parquet, ndjson, json, csv, got xml'],
    ['csvSafe', 'yes', 'csvSafe must be true or false, got yes'],
    [
      'csvSafe',
      true,
      'csvSafe must be left out where the format is parquet: only csv has a use for it, got true',
    ],
    [
      'backend',
      'kubernetes',
      'backend is not in this release; it has local, aws-batch, pull, got kubernetes',
    ],
    ['vcpus', '3', 'vcpus must be one of 0.25, 0.5, 1, 2, 4, 8, 16, 32, got 3'],
    ['timeoutSeconds', '59', 'timeoutSeconds must be a whole number from 60 to 1209600, got 59'],
    ['maxRunning', '0', 'maxRunning must be a whole number from 1 to 1000000, got 0'],
    ['fallbackMaxCost', '-1', 'fallbackMaxCost must be an amount of US dollars, such as 25 or 0.5, got -1'],
    ['queue', 'a b', 'queue must be a name or an ARN, got a b'],
    ['tags', 'team', 'tags must be keys with values: team=data,stage=test, got team'],
    ['drift', 'keep', 'drift must be one of rest, fail, drop, got keep'],
    ['source', 'gs://b/k', 'source must be a path or s3://BUCKET/PREFIX, got gs://b/k'],
    ['source', '', 'source must be a path or an S3 URI, got ""'],
    ['source', undefined, 'source is missing: give source'],
    [
      'schema',
      'file.yaml',
      'schema must be of the form columns: {name: type}, or a JSON Schema, got file.yaml',
    ],
    ['schema', { columns: {} }, 'schema.columns must map names of columns to types, got {}'],
    [
      'schema',
      { columns: { a: 'varchar' } },
      'schema.columns.a must be one of text, int64, double, boolean, json, date, timestamp, datetime, decimal(18,2), {struct: {name: type}}, {list: type}, {map: type}, got varchar: did you mean text?',
    ],
    [
      'schema',
      { columns: { _rest: 'text' } },
      'schema.columns must not hold _rest, which keeps what fits no column',
    ],
    [
      'schema',
      { columns: { a: 'text' }, rows: 1 },
      'schema holds unknown keys (rows): write columns: {name: type}',
    ],
    ['sorce', 'x', 'unknown key sorce: did you mean source?'],
    ['row_group_rows', 1, 'unknown key row_group_rows: did you mean rowGroupRows?'],
    ['zzz', 'x', `unknown key zzz: known keys are ${SPEC_FIELDS.join(', ')}`],
  ])('refuses %s %j', (field, written, line) => {
    expect(linesOf({ source: 'in', [field]: written })).toEqual([line]);
  });

  test.each<[object, string]>([
    [{ codec: 'gzip' }, 'codec must be one of zstd, snappy, none, got gzip'],
    [{ parquetProfile: 'old' }, 'parquetProfile must be one of default, compatible, got old'],
    [
      { codec: 'snappy', level: 3 },
      'level must be left out where the codec is snappy: only zstd has levels, got 3',
    ],
    [
      { codec: 'none', level: '9' },
      'level must be left out where the codec is none: only zstd has levels, got 9',
    ],
    [
      { parquetProfile: 'compatible', level: 3 },
      'level must be left out where the codec is snappy: only zstd has levels, got 3',
    ],
    [
      { parquetProfile: 'compatible', codec: 'zstd' },
      'codec must be snappy or none where the profile is compatible: old readers know no other, got zstd',
    ],
  ])('refuses %j', (more, line) => {
    expect(linesOf({ source: 'in', ...more })).toEqual([line]);
  });

  test.each<[object, string]>([
    [{}, 'zstd'],
    [{ level: 19 }, 'zstd'],
    [{ codec: 'snappy' }, 'snappy'],
    [{ parquetProfile: 'compatible' }, 'snappy'],
    [{ parquetProfile: 'compatible', codec: 'none' }, 'none'],
  ])('with %j compresses with %s', (more, codec) => {
    expect(codecOf(parseSpec({ source: 'in', ...more }))).toBe(codec);
  });

  test.each<[string, unknown]>([
    ['level', 5],
    ['rowGroupRows', 1000],
    ['rowGroupBytes', '1MiB'],
    ['codec', 'snappy'],
    ['parquetProfile', 'compatible'],
  ])('with a text format is refused %s %j, which only Parquet has, and let its default', (field, value) => {
    for (const format of ['ndjson', 'json', 'csv'])
      expect(linesOf({ source: 'in', format, [field]: value })).toEqual([
        `${field} must be left out where the format is ${format}: only parquet has a use for it, got ${String(value)}`,
      ]);
    const { level, rowGroupRows } = parseSpec({
      source: 'in',
      format: 'csv',
      level: 3,
      rowGroupRows: 100_000,
    });
    expect([level, rowGroupRows]).toEqual([3, 100_000]);
  });

  test('has maxCost with AWS Batch only', () => {
    for (const backend of ['local', 'pull'])
      expect(linesOf({ source: 'in', backend, maxCost: 5 })).toEqual([
        `maxCost must be left out where the backend is ${backend}: it is known for aws-batch only what a run costs, got 5`,
      ]);
    const batch = { source: 'in', backend: 'aws-batch', queue: 'q', jobDefinition: 'd' };
    expect(parseSpec({ ...batch, maxCost: '2.5' })).toMatchObject({ maxCost: 2.5 });
  });

  test('has csvSafe with CSV only', () => {
    expect(parseSpec({ source: 'in', format: 'csv', csvSafe: 'true' })).toMatchObject({ csvSafe: true });
    expect(linesOf({ source: 'in', format: 'json', csvSafe: true })).toEqual([
      'csvSafe must be left out where the format is json: only csv has a use for it, got true',
    ]);
  });

  test('mirrors AL3 as JSON, unless it says otherwise', () => {
    const al3 = { source: 'in', inputFormat: 'al3' } as const;
    expect(parseSpec(al3)).toMatchObject({ format: 'json', layout: 'mirror' });
    expect(parseSpec({ ...al3, format: 'ndjson', layout: 'parts' })).toMatchObject({
      ...{ format: 'ndjson', layout: 'parts' },
    });
  });

  test('has what AL3 is read by with AL3 only', () => {
    expect(linesOf({ source: 'in', strict: true, raw: true })).toEqual([
      'strict must be left out where the inputs are json: only al3 has a use for it, got true',
      'raw must be left out where the inputs are json: only al3 has a use for it, got true',
    ]);
    expect(linesOf({ source: 'in', inputFormat: 'al3', format: 'csv', drift: 'fail' })).toEqual([
      'format must be json or ndjson where the inputs are al3, got csv',
      'drift must be left out where the inputs are al3: only json has a use for it, got fail',
    ]);
  });

  test('has a dictionary that holds together', () => {
    const element = { name: 'a', start: 31, length: 4, type: 'AN' };
    const dictionary = [
      { group: '5ZZZ', name: 'z', elements: [element, { ...element, name: 'b', start: 33 }] },
    ];
    expect(linesOf({ source: 'in', inputFormat: 'al3', dictionary })).toEqual([
      expect.stringContaining('dictionary must hold together: 5ZZZ b (columns 33 to 36) overlaps 5ZZZ a'),
    ]);
  });

  test('is refused with all its problems at once', () => {
    expect(linesOf({ sorce: 'in', memory: 1, level: 0 })).toHaveLength(4);
  });

  test('cannot be changed once it is parsed', () => {
    const spec = parseSpec({ source: 'in', schema: { columns: { a: 'text' } } });
    expect(() => Object.assign(spec, { level: 4 })).toThrow(TypeError);
    expect(() => Object.assign(spec.schema?.columns[0] ?? {}, { name: 'b' })).toThrow(TypeError);
  });
});
