import { codecOf, ConfigurationError, SpecError, type RunFile } from '@winnow/core';
import { describe, expect, test } from '@jest/globals';
import { edgeOf, loadConfig, type Config } from '../../src/config/load.ts';
import { runLayer } from '../../src/config/run-layer.ts';
import { FIELDS, fieldOfKey, flagOf, variableOf } from '../../src/config/fields.ts';

type Texts = Readonly<Record<string, string>>;

function load(flags: Record<string, unknown>, environment: Texts = {}, files: Texts = {}): Config {
  const readText = (path: string): string => {
    const text = files[path];
    if (text === undefined) throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
    return text;
  };
  return loadConfig({ flags, environment, readText });
}

const unread = (path: string): string => {
  throw new Error(`${path} is not to be read`);
};

function linesOf(...sources: Parameters<typeof load>): string[] {
  try {
    load(...sources);
  } catch (error) {
    if (error instanceof SpecError) return error.problems.map(({ message }) => message);
    if (error instanceof ConfigurationError) return [error.message];
    throw error;
  }
  return [];
}

describe('a field', () => {
  // flag, variable, config file → what counts
  test.each<[string | undefined, string | undefined, string | undefined, number]>([
    [undefined, undefined, undefined, 3],
    [undefined, undefined, '4', 4],
    [undefined, '5', undefined, 5],
    [undefined, '5', '4', 5],
    ['6', undefined, undefined, 6],
    ['6', undefined, '4', 6],
    ['6', '5', undefined, 6],
    ['6', '5', '4', 6],
    ['', '5', '4', 5],
    ['', '', '4', 4],
    ['', '', '""', 3],
    [undefined, undefined, 'null', 3],
  ])('with flag %s, variable %s and config file %s is %d', (flag, variable, file, level) => {
    const files = { 'job.yaml': file === undefined ? '' : `level: ${file}` };
    const environment = variable === undefined ? {} : { WINNOW_LEVEL: variable };
    expect(load({ source: 'in', config: 'job.yaml', level: flag }, environment, files).spec.level).toBe(
      level,
    );
  });

  test.each([
    ['maxQuarantined', 'max-quarantined', 'WINNOW_MAX_QUARANTINED'],
    ['unitBytes', 'unit-size', 'WINNOW_UNIT_BYTES'],
    ['metricsAddr', 'metrics-addr', 'WINNOW_METRICS_ADDR'],
    ['source', 'source', 'WINNOW_SOURCE'],
  ] as const)('%s is --%s and %s', (field, flag, variable) => {
    expect([flagOf(field), variableOf(field)]).toEqual([flag, variable]);
  });

  test('has a flag and a variable of its own', () => {
    expect(new Set(FIELDS.map(flagOf)).size).toBe(FIELDS.length);
    expect(new Set(FIELDS.map(variableOf)).size).toBe(FIELDS.length);
    for (const field of FIELDS) expect(fieldOfKey(variableOf(field).slice(7).toLowerCase())).toBe(field);
  });
});

test('every kind of value comes through every layer', () => {
  const file = 'source: in\nmax_quarantined: 1%\nunitBytes: 1MiB\nlog_level: debug\nresume: true';
  expect(load({ config: 'j' }, {}, { j: file })).toMatchObject({
    spec: { source: 'in', maxQuarantined: { share: 0.01 }, unitBytes: 2 ** 20 },
    edge: { logLevel: 'debug', resume: true },
  });
  const environment = { WINNOW_SOURCE: 'in', WINNOW_MEMORY: '1GiB', WINNOW_METRICS_ADDR: '9464' };
  expect(load({}, environment)).toMatchObject({ spec: { memory: 1024 }, edge: { metricsAddr: '9464' } });
});

test('a config file is named by the environment too', () => {
  expect(load({}, { WINNOW_CONFIG: 'j' }, { j: 'source: in' }).spec.source).toBe('in');
});

test('paths stay as they are written, in every layer', () => {
  expect(load({ config: 'deep/job.yaml' }, {}, { 'deep/job.yaml': 'source: in' }).spec.source).toBe('in');
});

test('the columns of a schema keep the order of their file, whole numbers too', () => {
  const text = 'columns: {b: text, 1: {list: text}, 0: date}';
  const names = [{ name: 'b' }, { name: '1' }, { name: '0' }];
  const files = { s: text, j: `source: in\nschema: {${text}}\nlevel: 4` };
  expect(load({ source: 'in', schema: 's' }, {}, files).spec.schema?.columns).toMatchObject(names);
  const { spec } = load({ config: 'j' }, {}, files);
  expect(spec.schema?.columns).toMatchObject(names);
  expect(spec.level).toBe(4);
});

test('a schema is a file, or stands in the config file', () => {
  const schema = { columns: [{ name: 'a', type: 'int64' }] };
  expect(
    load({ source: 'in', schema: 's.yaml' }, {}, { 's.yaml': 'columns: {a: int64}' }).spec.schema,
  ).toEqual(schema);
  expect(
    load({ source: 'in', schema: 's.json' }, {}, { 's.json': '{"columns":{"a":"int64"}}' }).spec.schema,
  ).toEqual(schema);
  expect(
    load({ config: 'j' }, {}, { j: 'source: in\nschema:\n  columns:\n    a: int64' }).spec.schema,
  ).toEqual(schema);
});

describe('a problem names the field as it was written', () => {
  test.each<[string, string[], Parameters<typeof load>]>([
    [
      'in a flag',
      ['--memory must be from 256 MiB to 1024 GiB, such as 512 (MiB) or 2GiB, got 1'],
      [{ source: 'in', memory: '1' }],
    ],
    [
      'in a variable',
      ['WINNOW_LEVEL must be a whole number from 1 to 19, got x'],
      [{ source: 'in' }, { WINNOW_LEVEL: 'x' }],
    ],
    [
      'in a config file',
      ['row_group_rows in j must be a whole number from 1 to 16777216, got 0'],
      [{ source: 'in', config: 'j' }, {}, { j: 'row_group_rows: 0' }],
    ],
    ['when it is nowhere', ['--source is missing'], [{}]],
    [
      'when it is unknown',
      ['unknown key sorce in j', '--source is missing'].reverse(),
      [{ config: 'j' }, {}, { j: 'sorce: in' }],
    ],
    [
      'when both spellings are there',
      ['j gives unit_bytes and unitBytes, which are the same'],
      [{ config: 'j' }, {}, { j: 'unit_bytes: 1MiB\nunitBytes: 1MiB' }],
    ],
    ['when a flag is given twice', ['--source is given more than once'], [{ source: ['a', 'b'] }]],
    ['when --config is given twice', ['--config is given more than once'], [{ config: ['a', 'b'] }]],
    ['when a file is not there', ['the config file j is not there'], [{ config: 'j' }]],
    [
      'when a schema file is not there',
      ['the schema file (--schema) s is not there'],
      [{ source: 'in', schema: 's' }],
    ],
    ['when a file is a list', ['the config file j holds no keys'], [{ config: 'j' }, {}, { j: '- a' }]],
    [
      'when two of them exclude each other',
      ['--append must be left out where what the output holds is replaced (--resume=false), got true'],
      [{ source: 'in', resume: false, append: true }],
    ],
    [
      'when it is of the edge',
      ['WINNOW_LOG_LEVEL must be one of error, warn, info, debug, got loud'],
      [{ source: 'in' }, { WINNOW_LOG_LEVEL: 'loud' }],
    ],
  ])('%s', (_where, lines, sources) => {
    expect(linesOf(...sources)).toEqual(lines);
  });

  test('and a broken YAML file is told in one line', () => {
    const [line = ''] = linesOf({ config: 'j' }, {}, { j: 'a: [' });
    expect(line).toMatch(/^the config file j is no YAML and no JSON \(.+\)$/);
    expect(line).not.toContain('\n');
  });
});

test('commands without a spec do not look at its fields', () => {
  const edge = edgeOf({
    flags: {},
    environment: { WINNOW_LEVEL: 'x', WINNOW_OUTPUT: 'out' },
    readText: () => '',
  });
  expect(edge).toEqual({ append: false, logLevel: 'warn', resume: true, output: 'out' });
});

describe('the dictionary of AL3', () => {
  const OVERRIDES =
    'schema: { groups: [{ code: 6TTI, elements: [{ seq_num: 6, data_type: SN, length: 8 }] }] }';
  const typeOf = ({ spec }: Config, group = '6TTI'): string | undefined =>
    spec.dictionary?.find((one) => one.group === group)?.elements.at(-1)?.type;
  const al3 = { source: 'in', 'input-format': 'al3' };

  test('is left out where no file says anything', () => {
    expect(load(al3).spec.dictionary).toBeUndefined();
  });

  test('is changed by config/overrides.yaml where that is there, or by the file that is named', () => {
    expect(typeOf(load(al3, {}, { 'config/overrides.yaml': OVERRIDES }))).toBe('SN');
    expect(typeOf(load({ ...al3, overrides: 'o' }, {}, { o: OVERRIDES }))).toBe('SN');
    expect(typeOf(load(al3, { WINNOW_OVERRIDES: 'o' }, { o: OVERRIDES }))).toBe('SN');
    expect(
      load({ source: 'in' }, {}, { 'config/overrides.yaml': OVERRIDES }).spec.dictionary,
    ).toBeUndefined();
  });

  test('is that of a file, beside the groups of our own', () => {
    const files = { 'd.csv': 'group,number,start,length,type\n5ZZZ,1,31,4,N0' };
    const config = load({ ...al3, dictionary: 'd.csv' }, {}, files);
    expect([typeOf(config, '5ZZZ'), typeOf(config)]).toEqual(['N0', 'N2']);
  });

  test('is refused by file and line', () => {
    expect(linesOf({ ...al3, overrides: 'o' }, {}, { o: OVERRIDES.replace('SN', 'SX') })).toEqual([
      'o:1: 6TTI element 6 has the unknown type SX: did you mean SN?',
    ]);
    expect(linesOf({ ...al3, dictionary: 'gone' })).toEqual(['the dictionary gone is not there']);
  });
});

describe('the layer of a run', () => {
  test.each<[Record<string, unknown>]>([
    [{}],
    [{ format: 'csv', 'csv-safe': true, layout: 'mirror', 'records-path': 'a.b' }],
    [{ level: 7, drift: 'fail' }],
    [{ codec: 'snappy', 'row-group-rows': 10 }],
    [{ codec: 'none', 'max-input-ratio': 5, 'max-input-decoded': '1GiB', 'max-record-bytes': '1MiB' }],
    [{ 'parquet-profile': 'compatible' }],
    [{ format: 'json' }],
  ])('says again what decided its bytes: %j', (flags) => {
    const { spec } = load({ source: 'in', output: 'out', ...flags });
    const { format } = spec;
    const frozen = { format, codec: codecOf(spec) } as RunFile['frozen'];
    const base = runLayer({ runId: '0000-0', source: '/data/in', spec, frozen });
    const sources = { environment: {}, readText: unread, base };
    const again = loadConfig({ ...sources, flags: { output: 'out' } });
    expect({ ...again.spec, source: 'in' }).toEqual(spec);
    expect(again.spec.source).toBe('/data/in');
    expect(loadConfig({ ...sources, flags: { output: 'out', drift: 'drop' } }).spec.drift).toBe('drop');
  });

  test('leaves its settings, its schema and its units to the command', () => {
    const { spec } = load({
      source: 'in',
      memory: '1GiB',
      schema: '{columns: {id: int64}}',
      'unit-size': '1MiB',
    });
    const frozen = { format: 'parquet', codec: 'zstd' } as RunFile['frozen'];
    const base = runLayer({ runId: '0000-0', source: '/data/in', spec, frozen });
    const again = loadConfig({ environment: {}, readText: unread, flags: {}, base }).spec;
    expect([again.memory, again.schema, again.unitBytes]).toEqual([512, undefined, undefined]);
  });
});

describe('prices', () => {
  const FILE = [
    'date: 2026-11-28',
    'region: eu-west-1',
    'source: here',
    'fargate:',
    '  x86: &alike',
    '    onDemand: { vcpuHour: 0.05, gibHour: 0.005 }',
    '    spot: { vcpuHour: 0.02, gibHour: 0.002 }',
    '  arm64: *alike',
    's3: { writesPer1000: 0.005, readsPer1000: 0.0004 }',
    'logs: { gb: 0.5 }',
  ].join('\n');

  test('are read from the file that a flag, a variable or a config file names, or stand in that', () => {
    const read = { date: '2026-11-28', region: 'eu-west-1', logs: { gb: 0.5 } };
    const written = `source: in\nprices:\n${FILE.replaceAll(/^/gm, '  ')}`;
    const files = { 'p.yaml': FILE, 'job.yaml': 'source: in\nprices: p.yaml', 'all.yaml': written };
    const flags = { source: 'in', prices: 'p.yaml' };
    expect(load(flags, {}, files).spec.prices).toMatchObject(read);
    expect(load({ source: 'in' }, { WINNOW_PRICES: 'p.yaml' }, files).spec.prices).toMatchObject(read);
    for (const config of ['job.yaml', 'all.yaml'])
      expect(load({ config }, {}, files).spec.prices).toMatchObject(read);
  });

  test.each<[string, string | undefined, RegExp]>([
    ['that is not there', undefined, /^the price file \(--prices\) p\.yaml is not there$/],
    ['without a price', FILE.replace('gb: 0.5', ''), /^--prices\.logs\.gb must be an amount of US dollars/],
    ['that is empty', '', /^--prices must be keys with values, got null$/],
    ['that is no YAML', 'a: [', /^the price file p\.yaml /],
  ])('of a file %s: one line', (_what, file, line) => {
    const lines = linesOf(
      { source: 'in', prices: 'p.yaml' },
      {},
      file === undefined ? {} : { 'p.yaml': file },
    );
    expect(lines).toEqual([expect.stringMatching(line)]);
  });
});
