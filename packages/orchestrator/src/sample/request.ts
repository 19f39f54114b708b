import { ConfigurationError, SpecError, type Problem } from '@winnow/core';

export const SAMPLE_COMPRESSIONS = ['none', 'gzip', 'zstd', 'mixed'] as const;
export type SampleCompression = (typeof SAMPLE_COMPRESSIONS)[number];

export const SAMPLE_DEFAULTS = { files: 6, records: 60_000, bad: 0, compression: 'mixed', seed: 1 } as const;

/** What kind of archive to make. */
export interface SampleRequest {
  /** The folder to make. */
  readonly output: string;
  readonly files: number;
  /** Good records in all files together. */
  readonly records: number;
  /** Bad lines in all files together. */
  readonly bad: number;
  readonly drift: boolean;
  readonly compression: SampleCompression;
  readonly seed: number;
}

/** The manifest lists each bad line. */
const MAX_BAD = 100_000;

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** Reads the flags of `winnow sample`. @throws SpecError with every problem */
export function parseSampleRequest(flags: Readonly<Record<string, unknown>>): SampleRequest {
  const problems: Problem[] = [];
  const whole = (name: 'files' | 'records' | 'bad' | 'seed', min: number, max: number): number => {
    const value = shown(flags[name] ?? SAMPLE_DEFAULTS[name]);
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= min && number <= max))
      problems.push({
        message: `--${name} must be a whole number from ${min} to ${max}, got ${value}`,
      });
    return number;
  };
  const { kind, output } = flags;
  const compression = flags['compression'] ?? SAMPLE_DEFAULTS.compression;
  const known = SAMPLE_COMPRESSIONS.find((name) => name === compression);
  if (kind !== undefined && kind !== 'ndjson')
    problems.push({ message: `the kind of sample must be ndjson or al3, got ${shown(kind)}` });
  if (typeof output !== 'string' || output === '')
    problems.push({ message: '--output is missing', hint: 'give a folder to make' });
  if (known === undefined)
    problems.push({
      message: `--compression must be one of ${SAMPLE_COMPRESSIONS.join(', ')}, got ${shown(compression)}`,
    });
  const numbers = {
    files: whole('files', 1, 1_000_000),
    records: whole('records', 1, 1_000_000_000),
    bad: whole('bad', 0, MAX_BAD),
    seed: whole('seed', 0, 2 ** 32 - 1),
  };
  if (numbers.files > numbers.records)
    problems.push({
      message: `--files must be at most --records (${numbers.records}), got ${numbers.files}`,
      hint: 'each file gets a record',
    });
  if (problems.length > 0) throw new SpecError(problems);
  if (known === undefined || typeof output !== 'string')
    throw new ConfigurationError('the sample is not described');
  return {
    output: output.replace(/(?<=.)\/+$/, ''),
    ...numbers,
    drift: flags['drift'] === true,
    compression: known,
  };
}
