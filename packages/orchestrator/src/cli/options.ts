import { SPEC_DEFAULTS, sizeText } from '@winnow/core';
import type { Options } from 'yargs';
import { LOG_LEVELS } from '../config/edge.ts';
import { US_EAST_1 } from '../cost/us-east-1.ts';

const option = (group: string, describe: string, shown?: string): Options => ({
  type: 'string',
  requiresArg: true,
  group,
  describe,
  ...(shown === undefined ? {} : { defaultDescription: shown }),
});

const JOB = 'What to do:';
const HOW = 'Where and how it runs (changes no byte of the output):';
const BATCH = 'AWS Batch (--backend aws-batch):';
const CUTS = 'What the output looks like inside:';
const EDGE = 'This command:';
const AL3 = 'AL3 (--input-format al3):';

/** Which AL3 dictionary is taken. */
export const DICTIONARY_OPTIONS = {
  dictionary: option(
    AL3,
    'YAML or CSV file with groups and elements, in the place of those that Winnow knows',
  ),
  overrides: option(
    AL3,
    'YAML file that changes elements of the dictionary',
    'config/overrides.yaml, if it is there',
  ),
} as const satisfies Record<string, Options>;

/** How values of AL3 are read and written. */
export const AL3_VALUE_OPTIONS = {
  decimals: option(
    AL3,
    'How numbers stand in JSON, exact either way: number, string',
    SPEC_DEFAULTS.decimals,
  ),
  raw: {
    type: 'boolean',
    group: AL3,
    describe: 'Write the text of each element beside its value',
    defaultDescription: String(SPEC_DEFAULTS.raw),
  },
  'json-shape': option(
    AL3,
    'tree, or flat: all groups one after the other (groups[].group_name, data)',
    SPEC_DEFAULTS.jsonShape,
  ),
  'century-pivot': option(
    AL3,
    'Years of two digits below it are of the 21st century',
    String(SPEC_DEFAULTS.centuryPivot),
  ),
} as const satisfies Record<string, Options>;

const AL3_OPTIONS = {
  ...DICTIONARY_OPTIONS,
  strict: {
    type: 'boolean',
    group: AL3,
    describe: 'Quarantine a transaction with any error in it, not only what cannot be read',
    defaultDescription: String(SPEC_DEFAULTS.strict),
  },
  ...AL3_VALUE_OPTIONS,
} as const satisfies Record<string, Options>;

/** Flags of everything a spec holds. Each is also a variable (`WINNOW_MAX_QUARANTINED`) and a key of the config file. */
export const SPEC_OPTIONS = {
  source: option(
    JOB,
    'File, folder (recursive), quoted glob, @LIST file, or the like with s3://: NDJSON, JSON arrays or AL3; plain, gzip or zstd',
  ),
  output: option(JOB, 'Folder or s3://BUCKET/PREFIX for the parts and for _winnow/, the run directories'),
  config: option(
    JOB,
    'YAML file with any of these as keys, in camelCase or snake_case; paths in it are relative to the working directory',
  ),
  'input-format': option(
    JOB,
    'What the inputs are: json (NDJSON or arrays, told by content), or al3',
    SPEC_DEFAULTS.inputFormat,
  ),
  format: option(
    JOB,
    'Format of the output: parquet, ndjson, json, csv; of AL3 json (its default), ndjson',
    SPEC_DEFAULTS.format,
  ),
  'csv-safe': {
    type: 'boolean',
    group: JOB,
    describe: "CSV: put ' before texts that a spreadsheet would take for formulas",
    defaultDescription: String(SPEC_DEFAULTS.csvSafe),
  },
  layout: option(
    JOB,
    'What becomes of the inputs: parts (of the whole), or mirror (one output for one input, under its relative path; the default of AL3)',
    SPEC_DEFAULTS.layout,
  ),
  'records-path': option(
    JOB,
    'Inputs are documents with their records at these keys: Records, a.b, or a JSON Pointer',
    'told by content',
  ),
  schema: option(
    JOB,
    'YAML or JSON file: columns: {name: type}, as winnow inspect schema prints them, or a JSON Schema',
    'inferred from a sample',
  ),
  drift: option(
    JOB,
    'Keys and values that fit no column: rest (keep them in _rest), fail (quarantine the record), drop (count them)',
    SPEC_DEFAULTS.drift,
  ),
  ...AL3_OPTIONS,
  'max-quarantined': option(
    JOB,
    'Bad records that are no failure: a count (25) or a share (1% or 0.01)',
    String(SPEC_DEFAULTS.maxQuarantined),
  ),
  tolerate: option(
    HOW,
    'Shards that may be given up before the run is: a count (5) or a share (1%); beyond it nothing more is submitted',
    'all: what can be done is done',
  ),
  retention: option(
    HOW,
    'After a run, remove the plans, receipts and logs of runs of this output that ended so long ago: 12h, 30d',
    'only winnow gc does',
  ),
  'on-success': option(
    HOW,
    'When a run has succeeded: a command, a URL to POST to, or the ARN of an SNS topic or EventBridge bus; may be given again',
  ),
  'on-failure': option(HOW, 'The same when a run ends as partial or failed (see docs/hooks.md)'),
  backend: option(HOW, 'Where shards run: local, aws-batch, pull (see winnow worker)', SPEC_DEFAULTS.backend),
  concurrency: option(
    HOW,
    'local: worker processes; 0 = as many as cores and free memory allow',
    String(SPEC_DEFAULTS.concurrency),
  ),
  memory: option(
    HOW,
    'What a worker process may use: MiB, or with a suffix (2GiB)',
    sizeText(SPEC_DEFAULTS.memory * 2 ** 20),
  ),
  'shard-units': option(HOW, 'Units of a shard', 'chosen when planning'),
  queue: option(BATCH, 'Job queue, by name or ARN'),
  'job-definition': option(BATCH, 'Job definition, by name, name:revision or ARN'),
  vcpus: option(
    BATCH,
    'vCPUs of a container at least; --memory may ask for more',
    String(SPEC_DEFAULTS.vcpus),
  ),
  'max-running': option(BATCH, 'Containers at once, at most', 'what the queue lets run'),
  'timeout-seconds': option(
    BATCH,
    'How long an attempt at a shard may take',
    String(SPEC_DEFAULTS.timeoutSeconds),
  ),
  'fallback-queue': option(
    BATCH,
    'Queue (on demand) for shards that get no place, or lose it again and again',
  ),
  'fallback-max-cost': option(
    BATCH,
    'US dollars that shards moved there may cost, estimated',
    String(SPEC_DEFAULTS.fallbackMaxCost),
  ),
  'max-cost': option(
    BATCH,
    'US dollars that the run may cost, estimated: beyond them nothing more is submitted',
    'no limit',
  ),
  prices: option(
    BATCH,
    'YAML file of prices, in the shape that docs/aws-batch.md shows',
    `${US_EAST_1.region}, ${US_EAST_1.date}`,
  ),
  'runnable-minutes': option(
    BATCH,
    'How long shards may want for a place without any of them starting',
    String(SPEC_DEFAULTS.runnableMinutes),
  ),
  'poll-seconds': option(
    BATCH,
    'How often AWS Batch is asked how far jobs are',
    String(SPEC_DEFAULTS.pollSeconds),
  ),
  tags: option(BATCH, 'Tags of jobs and tasks: team=data,stage=test'),
  'unit-size': {
    ...option(
      CUTS,
      'Decoded size of a unit, the smallest thing that is done or not done: 64KiB to 8GiB',
      'chosen when planning',
    ),
    alias: 'unit-bytes',
  },
  'row-group-rows': option(CUTS, 'Rows of a row group at most', '100,000'),
  'row-group-bytes': option(CUTS, 'Size of a row group at most', sizeText(SPEC_DEFAULTS.rowGroupBytes)),
  'max-record-bytes': option(CUTS, 'A longer record is quarantined', sizeText(SPEC_DEFAULTS.maxRecordBytes)),
  'max-input-ratio': option(
    CUTS,
    'Refuse what a compressed input decodes to beyond this many times its size (and 64 MiB)',
    String(SPEC_DEFAULTS.maxInputRatio),
  ),
  'max-input-decoded': option(CUTS, 'Refuse what a compressed input decodes to beyond this size', 'no limit'),
  codec: option(CUTS, 'How pages are compressed: zstd, snappy, none', SPEC_DEFAULTS.codec),
  level: option(CUTS, 'Level of zstd, 1 to 19', String(SPEC_DEFAULTS.level)),
  'parquet-profile': option(
    CUTS,
    'default, or compatible: snappy and plain values only, for old readers',
    SPEC_DEFAULTS.parquetProfile,
  ),
} as const satisfies Record<string, Options>;

/** Flags of every command that works on a run. */
export const EDGE_OPTIONS = {
  json: { type: 'boolean', group: EDGE, describe: 'Print the result as one line of JSON' },
  'log-level': option(
    EDGE,
    `The log on stderr: ${LOG_LEVELS.join(', ')}; debug adds stack traces to errors`,
    'warn',
  ),
} as const satisfies Record<string, Options>;

export const METRICS_OPTION = {
  'cloudwatch-namespace': option(EDGE, 'Send metrics of the run to CloudWatch under this namespace', 'off'),
  'metrics-addr': option(EDGE, 'Serve Prometheus metrics at PORT (this machine only) or HOST:PORT', 'off'),
} as const satisfies Record<string, Options>;

export const RESUME_OPTION = {
  resume: {
    type: 'boolean',
    group: JOB,
    describe: 'Go on with what is unfinished; =false does all anew and then takes the place of what is there',
    defaultDescription: 'true',
  },
  append: {
    type: 'boolean',
    group: JOB,
    describe:
      'Add to an output that holds runs of another spec; inputs of the same source are not done again; not with --layout mirror',
    defaultDescription: 'false',
  },
} as const satisfies Record<string, Options>;

/** Flags that name a run that was started before. */
export const RUN_OPTIONS = {
  output: option(JOB, 'The same as the argument'),
  run: option(JOB, 'The run: 0000-89abcdef', 'the latest'),
} as const satisfies Record<string, Options>;

export type Flags = Readonly<Record<string, unknown>>;

/** A text flag; nothing where it is absent or empty. */
export const textFlag = (flags: Flags, name: string): string | undefined => {
  const value = flags[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
