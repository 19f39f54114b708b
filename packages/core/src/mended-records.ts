import { z } from 'zod';
import { ConfigurationError } from './errors.ts';
import { compareKeys } from './key-order.ts';
import { count } from './shapes/counts.ts';

/** So much is held in memory by every process. */
const MAX_BYTES = 64 << 20;

const mendedLine = z.object({ input: z.string(), offset: count, raw: z.string() });

/** Records by where they stood: the input, and the offset in its decoded bytes. */
export type MendedRecords = ReadonlyMap<string, string>;

/** A record that stands in the place of one that begins at that offset. */
export interface MendedRecord {
  readonly offset: number;
  readonly raw: string;
}

/** The mended records of each input, by rising offset. */
export function mendedByInput(records: MendedRecords): Map<string, MendedRecord[]> {
  const inputs = new Map<string, MendedRecord[]>();
  for (const [key, raw] of records) {
    const space = key.indexOf(' ');
    const input = key.slice(space + 1);
    const record = { offset: Number(key.slice(0, space)), raw };
    const known = inputs.get(input);
    if (known) known.push(record);
    else inputs.set(input, [record]);
  }
  for (const known of inputs.values()) known.sort((a, b) => a.offset - b.offset);
  return inputs;
}

export const mendedKey = (input: string, offset: number): string => `${offset} ${input}`;

/**
 * Reads lines as `winnow inspect quarantine --json` prints them, with `raw` mended: `{"input","offset","raw"}`, all else is
 * passed over.
 *
 * @param name of the text, for messages
 * @throws ConfigurationError that names the first line that is none, or not one record
 */
export function readMended(text: string, name: string): MendedRecords {
  if (Buffer.byteLength(text) > MAX_BYTES)
    throw new ConfigurationError(
      `${name} must have at most 64 MiB, it has ${Buffer.byteLength(text)} bytes`,
      {
        hint: 'mend in several redrives: records that a file does not name stay in quarantine',
      },
    );
  const records = new Map<string, string>();
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const wrong = (what: string): ConfigurationError =>
      new ConfigurationError(`${name}, line ${index + 1}: ${what}`, {
        hint: 'write a line for each record: {"input": …, "offset": …, "raw": "the record, mended"}',
      });
    const { input, offset, raw } = parseLine(line, wrong);
    if (raw.trim() === '' || /[\r\n]/.test(raw)) throw wrong('raw must be one record on one line');
    const key = mendedKey(input, offset);
    if (records.has(key)) throw wrong(`the record of ${input} at ${offset} stands in the file twice`);
    records.set(key, raw);
  }
  return records;
}

function parseLine(line: string, wrong: (what: string) => ConfigurationError): z.infer<typeof mendedLine> {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw wrong(`is not JSON (${(error as Error).message})`);
  }
  const parsed = mendedLine.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw wrong(`has a wrong ${issue?.path.join('.') || 'shape'}: ${issue?.message ?? ''}`);
}

/** The same as lines that {@link readMended} takes, one after the other by input and offset. */
export function mendedText(records: MendedRecords): string {
  const inputs = [...mendedByInput(records)].sort(([a], [b]) => compareKeys(a, b));
  return inputs
    .flatMap(([input, mended]) => mended.map(({ offset, raw }) => JSON.stringify({ input, offset, raw })))
    .map((line) => `${line}\n`)
    .join('');
}
