import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  ConfigurationError,
  createExactly,
  digestOf,
  mendedKey,
  parseJson,
  quarantinedObjects,
  quarantineLine,
  readMended,
  runKeys,
  zstdTextCodec,
  type MendedRecords,
  type Storage,
} from '@winnow/core';

/** A file of mended records as it was given. */
export interface MendedFile {
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly records: MendedRecords;
  /** For messages. */
  readonly name: string;
}

/** @throws ConfigurationError where it cannot be read, or a line is not one mended record */
export async function openMended(name: string, cwd: string): Promise<MendedFile> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(resolve(cwd, name));
  } catch (cause) {
    throw new ConfigurationError(`--with must name a file of mended records, ${name} cannot be read`, {
      cause,
      hint: (cause as Error).message,
    });
  }
  const records = readMended(Buffer.from(bytes).toString(), name);
  return { bytes, sha256: digestOf(bytes).sha256, records, name };
}

/** Puts the file into the run directory, where workers find it. */
export async function keepMended(
  output: Storage,
  runId: string,
  { bytes, sha256 }: MendedFile,
): Promise<{ key: string; sha256: string }> {
  const key = runKeys(runId).mended(sha256);
  await createExactly(output, key, bytes);
  return { key, sha256 };
}

/** @throws ConfigurationError where the file mends a record that is not in quarantine before that generation */
export async function assertQuarantined(
  output: Storage,
  generation: number,
  { records, name }: MendedFile,
): Promise<void> {
  const unknown = new Set(records.keys());
  for await (const { key } of quarantinedObjects(output, generation, zstdTextCodec)) {
    if (unknown.size === 0) return;
    for await (const text of zstdTextCodec.lines(output.read(key))) {
      const { input, offset } = parseJson(Buffer.from(text), key, quarantineLine);
      unknown.delete(mendedKey(input, offset));
    }
  }
  const [first] = unknown;
  if (first === undefined) return;
  const space = first.indexOf(' ');
  const more = unknown.size > 1 ? `, nor ${unknown.size - 1} more` : '';
  throw new ConfigurationError(
    `${name}: the record of ${first.slice(space + 1)} at ${first.slice(0, space)} is not in quarantine${more}`,
    { hint: 'take input and offset as winnow inspect quarantine --json prints them' },
  );
}
