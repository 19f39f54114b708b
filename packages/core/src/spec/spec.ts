import { MAX_RECORD_BYTES } from '@winnow/kernel';
import { z } from 'zod';
import { JSON_SHAPES, type JsonShape } from '../al3/json-shape.ts';
import { DEFAULT_PIVOT } from '../al3/date-text.ts';
import type { GroupLayout } from '../al3/dictionary/dictionary.ts';
import { CODEC_NAMES, PARQUET_PROFILES, type Codec, type ParquetProfile } from '../parquet/format.ts';
import { MAX_ROW_GROUP_BYTES, MAX_ROW_GROUP_ROWS } from '../parquet/parquet-writer.ts';
import {
  choice,
  dollars,
  hooks,
  keptFor,
  memoryMiB,
  place,
  quarantineLimit,
  recordsPath,
  resourceName,
  shardTolerance,
  size,
  tags,
  truth,
  vcpus,
  wholeNumber,
} from './field-types.ts';
import { prices, type Prices } from '../shapes/prices.ts';
import { dictionaryField } from './dictionary-field.ts';
import { fieldsOfOtherFormats, fieldsOfOtherInputs } from './format-fields.ts';
import { schemaField } from './schema-field.ts';
import { holdsSecret } from './secret-names.ts';
import { MIB } from './size.ts';

/** What stands where a spec says nothing. Sizes in bytes, memory in MiB. */
export const SPEC_DEFAULTS = {
  inputFormat: 'json',
  format: 'parquet',
  layout: 'parts',
  strict: false,
  decimals: 'number',
  raw: false,
  centuryPivot: DEFAULT_PIVOT,
  jsonShape: 'tree',
  csvSafe: false,
  drift: 'rest',
  rowGroupRows: 100_000,
  rowGroupBytes: 32 * MIB,
  maxRecordBytes: 64 * MIB,
  maxInputRatio: 1000,
  codec: 'zstd',
  parquetProfile: 'default',
  level: 3,
  concurrency: 0,
  memory: 512,
  maxQuarantined: 0,
  backend: 'local',
  vcpus: 1,
  timeoutSeconds: 4 * 3600,
  fallbackMaxCost: 10,
  runnableMinutes: 15,
  pollSeconds: 10,
} as const;

/** The same where the inputs are documents. */
const DOCUMENT_DEFAULTS = { format: 'json', layout: 'mirror' } as const;

const GIB = 1024 * MIB;

/** Fields that decide cuts, bytes or the schema. {@link specHash} covers them, but for `output`. */
const decisive = {
  /** A file, folder, glob or list file of inputs. */
  source: place,
  /** The folder for parts and run directories. Only what writes needs one. */
  output: place.optional(),
  /** What the inputs are: JSON in any layout, or AL3. */
  inputFormat: choice(['json', 'al3']).prefault(SPEC_DEFAULTS.inputFormat),
  /** Of the output. */
  format: choice(['parquet', 'ndjson', 'json', 'csv'], ['tar.gz']).optional(),
  /** CSV: marks texts that a spreadsheet would take for formulas. */
  csvSafe: truth.prefault(SPEC_DEFAULTS.csvSafe),
  /** How inputs become outputs: parts of the whole, or one output for each input under its relative path. */
  layout: choice(['parts', 'mirror']).optional(),
  /** AL3: groups by name, instead of those that Winnow knows. A file's path is replaced by its content before. */
  dictionary: dictionaryField.optional(),
  /** AL3: a transaction with anything wrong in it is quarantined, not only what cannot be read. */
  strict: truth.prefault(SPEC_DEFAULTS.strict),
  /** AL3: how numbers stand in JSON. */
  decimals: choice(['number', 'string']).prefault(SPEC_DEFAULTS.decimals),
  /** AL3: the text of each element stands beside its value. */
  raw: truth.prefault(SPEC_DEFAULTS.raw),
  /** AL3: years of two digits below it are of the 21st century. */
  centuryPivot: wholeNumber(0, 100).prefault(SPEC_DEFAULTS.centuryPivot),
  /** AL3: groups as a tree, or one after the other. */
  jsonShape: choice(JSON_SHAPES).prefault(SPEC_DEFAULTS.jsonShape),
  /** The keys that lead to the array of records in each document: `Records`, `a.b`, or a JSON Pointer. */
  recordsPath: recordsPath.optional(),
  /** Columns instead of inferred ones. A file's path is replaced by its content before the spec is parsed. */
  schema: schemaField.optional(),
  /** What happens to keys and values that do not fit the schema. */
  drift: choice(['rest', 'fail', 'drop']).prefault(SPEC_DEFAULTS.drift),
  /** Decoded bytes of a unit; chosen from the total when planning where it is absent. */
  unitBytes: size(64 * 1024, 8 * GIB).optional(),
  rowGroupRows: wholeNumber(1, MAX_ROW_GROUP_ROWS).prefault(SPEC_DEFAULTS.rowGroupRows),
  rowGroupBytes: size(64 * 1024, MAX_ROW_GROUP_BYTES).prefault(SPEC_DEFAULTS.rowGroupBytes),
  /** A longer record is quarantined. */
  maxRecordBytes: size(1024, Math.floor(MAX_RECORD_BYTES / MIB) * MIB).prefault(SPEC_DEFAULTS.maxRecordBytes),
  /** Where a compressed input decodes to more than 64 MiB and so many times its size, the rest of it is refused. */
  maxInputRatio: wholeNumber(1, 1_000_000_000).prefault(SPEC_DEFAULTS.maxInputRatio),
  /** What a compressed input decodes to beyond so many bytes is refused; absent = nothing. */
  maxInputDecoded: size(64 * 1024, 1_000_000 * GIB).optional(),
  /** Of pages; where it is absent {@link codecOf} tells. */
  codec: choice(CODEC_NAMES).optional(),
  /** Of zstd, and given only with it. */
  level: wholeNumber(1, 19).optional(),
  /** What readers of the Parquet files must know. */
  parquetProfile: choice(PARQUET_PROFILES).prefault(SPEC_DEFAULTS.parquetProfile),
};

/** Fields that change no byte of the output: they stand in each submission's intent. */
const settings = {
  /** Worker processes; 0 = the smaller of cores and free memory ÷ memory of a process. */
  concurrency: wholeNumber(0, 1024).prefault(SPEC_DEFAULTS.concurrency),
  /** MiB a worker process may use. */
  memory: memoryMiB(256, 1024 * 1024).prefault(SPEC_DEFAULTS.memory),
  /** More quarantined records than this make the run `partial` (exit 1). */
  maxQuarantined: quarantineLimit.prefault(SPEC_DEFAULTS.maxQuarantined),
  /** Once more shards than this were given up, so is the run; absent = what can be done is done. */
  tolerate: shardTolerance.optional(),
  /** Milliseconds after which the working objects of a finished run are removed; absent = only `gc` removes them. */
  retention: keptFor.optional(),
  /** What is called when a run has ended well, and when it has not; with `${secret:NAME}` where a secret is to stand. */
  onSuccess: hooks.optional(),
  onFailure: hooks.optional(),
  backend: choice(['local', 'aws-batch', 'pull'], ['kubernetes']).prefault(SPEC_DEFAULTS.backend),
  /** AWS Batch: where jobs go, and what they run by. */
  queue: resourceName.optional(),
  jobDefinition: resourceName.optional(),
  /** AWS Batch: of a container at least; memory may ask for more. */
  vcpus: vcpus.prefault(SPEC_DEFAULTS.vcpus),
  /** AWS Batch: longest that an attempt at a shard may take. */
  timeoutSeconds: wholeNumber(60, 14 * 24 * 3600).prefault(SPEC_DEFAULTS.timeoutSeconds),
  /** AWS Batch: most containers at once; absent = as many as the queue lets run. */
  maxRunning: wholeNumber(1, 1_000_000).optional(),
  /** AWS Batch: a queue that nobody takes places back from, for shards that get none on the first. */
  fallbackQueue: resourceName.optional(),
  /** AWS Batch: what shards moved there may cost in all, estimated. */
  fallbackMaxCost: dollars.prefault(SPEC_DEFAULTS.fallbackMaxCost),
  /** AWS Batch: once the run is estimated to cost more, nothing more is submitted; absent = no limit. */
  maxCost: dollars.optional(),
  /** What containers, requests and logs cost. A file's path is replaced by its content before the spec is parsed. */
  prices: prices.optional(),
  /** AWS Batch: how long shards may want for a place without any of them starting. */
  runnableMinutes: wholeNumber(1, 1440).prefault(SPEC_DEFAULTS.runnableMinutes),
  /** AWS Batch: how often it is asked how far jobs are. */
  pollSeconds: wholeNumber(1, 3600).prefault(SPEC_DEFAULTS.pollSeconds),
  /** AWS Batch: tags of jobs and their tasks. */
  tags: tags.optional(),
  /** Units of a shard; chosen by the planner where it is absent. */
  shardUnits: wholeNumber(1, 1_000_000).optional(),
};

const fields = z.strictObject({ ...decisive, ...settings });

/** Fields whose secrets are revealed at the moment of their use. What the others hold is stored, and gets into names and logs. */
const SECRET_FIELDS: readonly string[] = ['onSuccess', 'onFailure'] satisfies (keyof typeof settings)[];
const NO_SECRET = 'must hold no ${secret:NAME}: it is stored with the run, only onSuccess and onFailure may';

/** The codec of a spec: the one it names, or that of its profile. */
export const codecOf = ({
  codec,
  parquetProfile,
}: Pick<z.output<typeof fields>, 'codec' | 'parquetProfile'>) =>
  codec ?? (parquetProfile === 'compatible' ? 'snappy' : SPEC_DEFAULTS.codec);

/** What a user asks for. Every layer (flags, variables, file, typed object) ends in this one schema. */
export const specSchema = fields
  .transform((spec) => {
    const { format, layout } = spec.inputFormat === 'al3' ? DOCUMENT_DEFAULTS : SPEC_DEFAULTS;
    return { ...spec, format: spec.format ?? format, layout: spec.layout ?? layout };
  })
  .superRefine((spec, context) => {
    const refuse = (field: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [field], message });
    for (const [field, value] of Object.entries(spec))
      if (!SECRET_FIELDS.includes(field) && holdsSecret(value)) refuse(field, NO_SECRET);
    if (spec.backend === 'aws-batch') {
      if (spec.queue === undefined) refuse('queue', 'must be given where the backend is aws-batch');
      if (spec.jobDefinition === undefined)
        refuse('jobDefinition', 'must be given where the backend is aws-batch');
    }
    if (spec.maxCost !== undefined && spec.backend !== 'aws-batch')
      refuse(
        'maxCost',
        `must be left out where the backend is ${spec.backend}: it is known for aws-batch only what a run costs`,
      );
    const useless = [
      ...fieldsOfOtherInputs(spec, SPEC_DEFAULTS),
      ...fieldsOfOtherFormats(spec, SPEC_DEFAULTS),
    ];
    for (const { field, message } of useless) refuse(field, message);
    if (useless.length > 0) return;
    if (spec.parquetProfile === 'compatible' && spec.codec === 'zstd')
      refuse('codec', 'must be snappy or none where the profile is compatible: old readers know no other');
    else if (spec.level !== undefined && codecOf(spec) !== 'zstd')
      refuse('level', `must be left out where the codec is ${codecOf(spec)}: only zstd has levels`);
  })
  .transform((spec) => ({ ...spec, level: spec.level ?? SPEC_DEFAULTS.level }));

/** A type as people write it: `'int64'`, `'decimal(18,2)'`, `{ struct: … }`, `{ list: … }`, `{ map: … }`. */
export type TypeInput =
  string | { readonly struct: NamedTypes } | { readonly list: TypeInput } | { readonly map: TypeInput };
type NamedTypes = Readonly<{ [name: string]: TypeInput }> | ReadonlyMap<string, TypeInput>;

/** The columns, or a JSON Schema, which {@link readSchema} takes a type of each property from. */
export type SchemaInput = { readonly columns: NamedTypes } | JsonSchemaInput;
interface JsonSchemaInput {
  readonly columns?: never;
  readonly [keyword: string]: unknown;
}

/** A spec as people write it: sizes as text or numbers, defaults left out. */
export interface SpecInput {
  readonly source: string;
  readonly output?: string | undefined;
  readonly format?: 'parquet' | 'ndjson' | 'json' | 'csv' | undefined;
  readonly inputFormat?: 'json' | 'al3' | undefined;
  readonly dictionary?: readonly GroupLayout[] | undefined;
  readonly strict?: boolean | 'true' | 'false' | undefined;
  readonly decimals?: 'number' | 'string' | undefined;
  readonly raw?: boolean | 'true' | 'false' | undefined;
  readonly centuryPivot?: number | string | undefined;
  readonly jsonShape?: JsonShape | undefined;
  readonly csvSafe?: boolean | 'true' | 'false' | undefined;
  readonly layout?: 'parts' | 'mirror' | undefined;
  readonly recordsPath?: string | undefined;
  /** `{ columns: { name: type } }`, or a JSON Schema. A `Map` keeps the order of names that are whole numbers. */
  readonly schema?: SchemaInput | undefined;
  readonly drift?: 'rest' | 'fail' | 'drop' | undefined;
  readonly unitBytes?: number | string | undefined;
  readonly rowGroupRows?: number | string | undefined;
  readonly rowGroupBytes?: number | string | undefined;
  readonly maxRecordBytes?: number | string | undefined;
  readonly maxInputRatio?: number | string | undefined;
  readonly maxInputDecoded?: number | string | undefined;
  readonly codec?: Codec | undefined;
  readonly level?: number | string | undefined;
  readonly parquetProfile?: ParquetProfile | undefined;
  readonly concurrency?: number | string | undefined;
  readonly memory?: number | string | undefined;
  readonly maxQuarantined?: number | string | undefined;
  readonly tolerate?: number | string | undefined;
  readonly retention?: string | undefined;
  readonly onSuccess?: string | readonly string[] | undefined;
  readonly onFailure?: string | readonly string[] | undefined;
  readonly backend?: 'local' | 'aws-batch' | 'pull' | undefined;
  readonly shardUnits?: number | string | undefined;
  readonly queue?: string | undefined;
  readonly jobDefinition?: string | undefined;
  readonly vcpus?: number | string | undefined;
  readonly timeoutSeconds?: number | string | undefined;
  readonly maxRunning?: number | string | undefined;
  readonly fallbackQueue?: string | undefined;
  readonly fallbackMaxCost?: number | string | undefined;
  readonly maxCost?: number | string | undefined;
  readonly prices?: Prices | undefined;
  readonly runnableMinutes?: number | string | undefined;
  readonly pollSeconds?: number | string | undefined;
  readonly tags?: Readonly<Record<string, string>> | string | undefined;
}

/** A spec that was checked: defaults filled in, sizes in bytes, memory in MiB. */
export type Spec = Readonly<z.output<typeof specSchema>>;
export type SpecField = keyof Spec;

export const SPEC_FIELDS = Object.keys(fields.shape) as SpecField[];
