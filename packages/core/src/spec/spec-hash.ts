import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalType } from '../schema/canonical-type.ts';
import { canonicalJson } from './canonical-json.ts';
import { codecOf, SPEC_DEFAULTS, type Spec, type SpecField } from './spec.ts';

/**
 * The fields that the hash covers: those that change cuts, bytes or the schema. Left out are the settings (they change
 * no byte) and `output`: a run may go on in an output that was moved. A field that a later release adds is to be
 * covered only where it differs from its default, so that the hashes of unfinished runs stay what they are.
 */
export const HASHED_FIELDS = [
  'source',
  'format',
  'layout',
  'recordsPath',
  'schema',
  'drift',
  'unitBytes',
  'rowGroupRows',
  'rowGroupBytes',
  'maxRecordBytes',
  'maxInputRatio',
  'maxInputDecoded',
  'level',
  'codec',
  'parquetProfile',
  'csvSafe',
  'inputFormat',
  'dictionary',
  'strict',
  'decimals',
  'raw',
  'centuryPivot',
  'jsonShape',
] as const satisfies readonly SpecField[];

/** Hex of the SHA-256 over the canonical JSON of {@link HASHED_FIELDS}. A relative source lies below `sourceRoot`. */
export function specHash(spec: Spec, { sourceRoot }: { readonly sourceRoot: string }): string {
  const { source, schema, unitBytes } = spec;
  const covered = {
    ...Object.fromEntries(HASHED_FIELDS.map((field) => [field, spec[field]])),
    source: absoluteRoot(source, sourceRoot),
    // A list: the order of the columns is the order in the parts.
    schema:
      schema === undefined ? null : schema.columns.map((column) => [column.name, canonicalType(column)]),
    unitBytes: unitBytes ?? null,
    // Of later releases.
    layout: otherThan(SPEC_DEFAULTS.layout, spec.layout),
    codec: otherThan(SPEC_DEFAULTS.codec, codecOf(spec)),
    parquetProfile: otherThan(SPEC_DEFAULTS.parquetProfile, spec.parquetProfile),
    maxInputRatio: otherThan(SPEC_DEFAULTS.maxInputRatio, spec.maxInputRatio),
    csvSafe: otherThan(SPEC_DEFAULTS.csvSafe, spec.csvSafe),
    inputFormat: otherThan(SPEC_DEFAULTS.inputFormat, spec.inputFormat),
    strict: otherThan(SPEC_DEFAULTS.strict, spec.strict),
    decimals: otherThan(SPEC_DEFAULTS.decimals, spec.decimals),
    raw: otherThan(SPEC_DEFAULTS.raw, spec.raw),
    centuryPivot: otherThan(SPEC_DEFAULTS.centuryPivot, spec.centuryPivot),
    jsonShape: otherThan(SPEC_DEFAULTS.jsonShape, spec.jsonShape),
  };
  return createHash('sha256').update(canonicalJson(covered)).digest('hex');
}

/** The value, unless it is the default: canonical JSON leaves out what is undefined. */
const otherThan = <T>(byDefault: T, value: T): T | undefined => (value === byDefault ? undefined : value);

/** A path or URI as one absolute path or S3 URI without `/` at its end, however it was written. */
export function absoluteRoot(written: string, cwd: string): string {
  if (/^@?s3:\/\//i.test(written)) return written.replace(/(?<![:/])\/$/, '');
  return written.startsWith('file://') ? fileURLToPath(written) : resolve(cwd, written);
}
