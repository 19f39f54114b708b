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
import type { QuarantineReason } from '@winnow/kernel';
import { asOneLine, isBlankLine } from './one-line.ts';
import { rawOf, type SubUnitBuilder } from './sub-unit-builder.ts';
import type { UnitContext } from './unit-context.ts';
import { withoutOpenLine, type Piece } from './whole-lines.ts';

const NO_RECORDS: QuarantineReason = 'no-records';

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
    const first = line.first ?? firstOf(key, line);
    const found = textOf(line, mended?.get(mendedKey(line.input, line.offset)));
    if (found) await builder.redrive(line, first, found.text, found.same);
    else await builder.quarantineAgain(line, first);
    checkpoint(builder.records, builder.decoded);
  }
}

/** A record as one line. */
interface RecordText {
  readonly text: Buffer;
  /** It is as it was. */
  readonly same: boolean;
}

/**
 * What there is to read of a record. Nothing where not all of its bytes were kept, or where they were no record that one
 * could read: something that is missing between two, or a document without any.
 */
function textOf(line: QuarantineLine, mended: string | undefined): RecordText | undefined {
  if (mended !== undefined) return { text: Buffer.from(`${mended}\n`), same: false };
  if (line.reason === NO_RECORDS) return undefined;
  const raw = rawOf(line);
  if (raw.length < line.rawLength) return undefined;
  const text = Buffer.concat([raw, Buffer.from('\n')]);
  asOneLine(text);
  return isBlankLine(text) ? undefined : { text, same: true };
}

async function* bytesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of pieces) yield bytes;
}

/** Where a record stood that no redrive has taken yet. */
function firstOf(key: string, { unit, lineInUnit }: QuarantineLine): NonNullable<QuarantineLine['first']> {
  const runId = key.slice(WINNOW_FOLDER.length + 1).split('/')[0] ?? '';
  return { runId, unit, sub: parseQuarantineKey(runKeys(runId), key)?.sub ?? 0, lineInUnit };
}
