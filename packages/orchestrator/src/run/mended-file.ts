import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  ConfigurationError,
  createExactly,
  digestOf,
  mendedByInput,
  mendedKey,
  mendedText,
  MirrorQuarantine,
  parseJson,
  quarantinedObjects,
  quarantineLine,
  readAll,
  readMended,
  readRun,
  runKeys,
  zstdTextCodec,
  type MendedRecord,
  type MendedRecords,
  type QuarantineLine,
  type Spec,
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

/**
 * In the layout `mirror` inputs are read again as a whole: what the redrives that wrote them last took in the place of their
 * records is taken again, or it would be in quarantine once more. What is given now goes before.
 *
 * @returns undefined where nothing is mended
 * @throws ConfigurationError where it is too much together
 */
export async function withEarlier(
  output: Storage,
  generation: number,
  given: MendedFile | undefined,
): Promise<MendedFile | undefined> {
  const quarantine = await MirrorQuarantine.before(output, generation, zstdTextCodec);
  const records = new Map<string, string>();
  const files = new Map<string, Promise<Map<string, MendedRecord[]>>>();
  for await (const { key, runId } of quarantine.inputs()) {
    let file = files.get(runId);
    if (file === undefined) files.set(runId, (file = mendedInRun(output, runId)));
    for (const { offset, raw } of (await file).get(key) ?? []) records.set(mendedKey(key, offset), raw);
  }
  for (const [key, raw] of given?.records ?? []) records.set(key, raw);
  if (records.size === 0) return undefined;
  const name = `${given?.name ?? 'what was mended'}, with what was mended before,`;
  const text = mendedText(records);
  const bytes = Buffer.from(text);
  return { bytes, sha256: digestOf(bytes).sha256, records: readMended(text, name), name };
}

async function mendedInRun(output: Storage, runId: string): Promise<Map<string, MendedRecord[]>> {
  const { redrives } = await readRun(output, runId);
  if (redrives?.mended === undefined) return new Map();
  const { key } = redrives.mended;
  return mendedByInput(readMended(Buffer.from(await readAll(output, key)).toString(), key));
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
  layout: Spec['layout'],
  { records, name }: MendedFile,
): Promise<void> {
  const unknown = new Set(records.keys());
  const waiting =
    layout === 'mirror'
      ? (await MirrorQuarantine.before(output, generation, zstdTextCodec)).records()
      : recordsOf(output, generation);
  for await (const { input, offset } of waiting) {
    unknown.delete(mendedKey(input, offset));
    if (unknown.size === 0) return;
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

async function* recordsOf(
  output: Storage,
  generation: number,
): AsyncGenerator<Pick<QuarantineLine, 'input' | 'offset'>> {
  for await (const { key } of quarantinedObjects(output, generation, zstdTextCodec))
    for await (const text of zstdTextCodec.lines(output.read(key)))
      yield parseJson(Buffer.from(text), key, quarantineLine);
}
