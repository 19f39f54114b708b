import {
  decode,
  mendedKey,
  parseJson,
  parseQuarantineKey,
  quarantineLine,
  runKeys,
  textLines,
  WINNOW_FOLDER,
  type PlannedInput,
  type QuarantineLine,
} from '@winnow/core';
import { rawOf, type SubUnitBuilder } from './sub-unit-builder.ts';
import type { UnitContext } from './unit-context.ts';
import { withoutOpenLine, type Piece } from './whole-lines.ts';

/**
 * Reads a quarantine object of an earlier run as records: each again as it was, or mended. It counts, and is quarantined
 * again if it must be, under the input and the offset that it has always had.
 *
 * @param decodedLimit where the rest of the object is refused
 */
export async function redrive(
  { maxWindowBytes, mended, checkpoint, run }: UnitContext,
  builder: SubUnitBuilder,
  { key }: PlannedInput,
  stored: AsyncIterable<Uint8Array>,
  decodedLimit: number | undefined,
): Promise<void> {
  const isCut = decodedLimit !== undefined;
  const decoded = decode(stored, { maxWindowBytes, ...(isCut ? { decodedLimit } : {}) });
  const pieces = isCut ? withoutOpenLine(decoded, run.frozen.maxRecordBytes) : decoded;
  for await (const text of textLines(bytesOf(pieces))) {
    const line = parseJson(text, key, quarantineLine);
    const record = mended?.get(mendedKey(line.input, line.offset));
    const raw = record === undefined ? rawOf(line) : Buffer.from(record);
    const isWhole = record !== undefined || raw.length === line.rawLength;
    await builder.redrive(line, line.first ?? firstOf(key, line), isWhole ? withLineFeed(raw) : undefined);
    checkpoint(builder.records, builder.decoded);
  }
}

const withLineFeed = (raw: Buffer): Buffer => Buffer.concat([raw, Buffer.from('\n')]);

async function* bytesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of pieces) yield bytes;
}

/** Where a record stood that no redrive has taken yet. */
function firstOf(key: string, { unit, lineInUnit }: QuarantineLine): NonNullable<QuarantineLine['first']> {
  const runId = key.slice(WINNOW_FOLDER.length + 1).split('/')[0] ?? '';
  return { runId, unit, sub: parseQuarantineKey(runKeys(runId), key)?.sub ?? 0, lineInUnit };
}
