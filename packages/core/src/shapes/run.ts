import { z } from 'zod';
import { CODEC_NAMES, PARQUET_PROFILES } from '../parquet/format.ts';
import { al3Reading } from './al3.ts';
import { column } from './column.ts';
import { count, sha256Hex } from './counts.ts';

/** Consecutive units that need the same memory. */
export const memoryClass = z.object({ memoryMiB: count, firstUnit: count, units: count });
export type MemoryClass = z.infer<typeof memoryClass>;

/** Everything that decides cuts and bytes. Nothing in it differs between machines or attempts. */
export const frozen = z.object({
  engine: count,
  /** Version of the zstd library that compressed: other versions may give other bytes. */
  zstd: z.string(),
  format: z.enum(['parquet', 'ndjson', 'json', 'csv']),
  /** CSV: texts that a spreadsheet would take for formulas are marked. Absent = they are not. */
  csvSafe: z.boolean().optional(),
  layout: z.enum(['parts', 'mirror']),
  columns: z.array(column),
  drift: z.enum(['rest', 'fail', 'drop']),
  unitBytes: count,
  rowGroupRows: count,
  rowGroupBytes: count,
  maxRecordBytes: count,
  /** Where compressed inputs are refused as `over-limit`. Absent in runs planned before these stood here: nowhere. */
  maxInputRatio: count.optional(),
  maxInputDecoded: count.optional(),
  /** Where documents have their records; inputs tell their layout where it is absent. */
  recordsPath: z.string().optional(),
  /** Of a run whose inputs are AL3; JSON where it is absent. */
  al3: al3Reading.optional(),
  codec: z.enum(CODEC_NAMES),
  /** Of zstd. */
  level: z.int(),
  /** Absent in runs of engine 1, which knew the default only. */
  parquetProfile: z.enum(PARQUET_PROFILES).optional(),
});
export type Frozen = z.infer<typeof frozen>;

/** `run.json`: the plan's seal, written last and exclusively, never changed. */
export const runFile = z.object({
  runId: z.string(),
  generation: count,
  specHash: sha256Hex,
  /** It does all inputs and takes the place of everything before it: its parts are staged, then published. */
  replaces: z.literal(true).optional(),
  /** The run whose inputs it carries forward, null = none; absent = that of the generation before. */
  follows: z.string().nullable().optional(),
  /**
   * Its inputs are quarantine objects of the runs before it, some of their records mended by what a file says. In the layout
   * `mirror` they are the inputs themselves that have such records.
   */
  redrives: z.object({ mended: z.object({ key: z.string(), sha256: sha256Hex }).optional() }).optional(),
  createdAt: z.string(),
  /** URI of the storage that the inputs' keys are relative to. */
  source: z.string(),
  /** The spec as the user gave it, for people and for the next generation. */
  spec: z.record(z.string(), z.unknown()),
  frozen,
  plan: z.object({
    sha: sha256Hex,
    objects: count,
    /** The first unit of each object; in runs planned before it stood here each has 1,000. */
    firstUnits: z.array(count).optional(),
    units: count,
    inputs: count,
    /** Stored bytes. */
    bytes: count,
    /** Estimated decoded bytes. */
    decoded: count,
    classes: z.array(memoryClass),
  }),
});
export type RunFile = z.infer<typeof runFile>;
