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
import { tooLongDetail, type QuarantineReason } from '@winnow/kernel';
import type { LongRecords, Unread } from './long-records.ts';
import { asOneLine, isBlankLine } from './one-line.ts';
import { rawOf, type SubUnitBuilder } from './sub-unit-builder.ts';
import type { UnitContext } from './unit-context.ts';
import { withoutOpenLine, type Piece } from './whole-lines.ts';

const NO_RECORDS: QuarantineReason = 'no-records';
const TOO_LONG: QuarantineReason = 'record-too-long';

/**
 * Reads a quarantine object of an earlier run as records: each again as it was, or mended. It counts, and is quarantined
 * again if it must be, under the input and the offset that it has always had.
 *
 * @param builder none where the unit's inputs are only looked through: for what is wrong with them, and with the inputs that
 *   long records are read from
 * @param decodedLimit where the rest of the object is refused
 */
export async function redrive(
  { maxWindowBytes, mended, checkpoint, run }: UnitContext,
  builder: SubUnitBuilder | undefined,
  long: LongRecords,
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
    const found = await recordOf(line, mended?.get(mendedKey(line.input, line.offset)), {
      maxRecordBytes: run.frozen.maxRecordBytes,
      readAgain: () => long.read(line, first.runId),
    });
    // Once an input of a long record is refused, what this pass makes is lost.
    const taker = long.foundMore ? undefined : builder;
    if ('text' in found) await taker?.redrive(line, first, found.text, found.same);
    else await taker?.quarantineAgain(found.line, { first, unread: found.unread });
    checkpoint(taker?.records ?? 0, taker?.decoded ?? 0);
  }
}

/** A record as one line. */
interface RecordText {
  readonly text: Buffer;
  /** It is as it was. */
  readonly same: boolean;
}

/** A record that stays in quarantine, as the line has it. */
interface StayingRecord {
  readonly line: QuarantineLine;
  readonly unread?: Unread;
}

/**
 * What becomes of a record:
 *
 * | it is                                                                      | it becomes                        |
 * |----------------------------------------------------------------------------|-----------------------------------|
 * | mended                                                                     | the mended bytes                  |
 * | no record: a document without any, something that is missing between two   | quarantined again                 |
 * | kept with all its bytes                                                    | these                             |
 * | longer than `maxRecordBytes`                                               | quarantined as `record-too-long`  |
 * | to be read again from its input                                            | its bytes there                   |
 * | not to be had there                                                        | quarantined again, with the reason |
 */
async function recordOf(
  line: QuarantineLine,
  mended: string | undefined,
  { maxRecordBytes, readAgain }: { maxRecordBytes: number; readAgain: () => Promise<Buffer | Unread> },
): Promise<RecordText | StayingRecord> {
  if (mended !== undefined) return { text: Buffer.from(`${mended}\n`), same: false };
  if (line.reason === NO_RECORDS) return { line };
  const raw = rawOf(line);
  if (raw.length < line.rawLength && line.rawLength > maxRecordBytes) {
    const detail = tooLongDetail(line.rawLength, maxRecordBytes);
    return { line: { ...line, reason: TOO_LONG, detail } };
  }
  const text = raw.length < line.rawLength ? await readAgain() : Buffer.concat([raw, Buffer.from('\n')]);
  if (typeof text === 'string') return { line, unread: text };
  asOneLine(text);
  return isBlankLine(text) ? { line } : { text, same: true };
}

async function* bytesOf(pieces: AsyncIterable<Piece>): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of pieces) yield bytes;
}

/** Where a record stood that no redrive has taken yet. */
function firstOf(key: string, { unit, lineInUnit }: QuarantineLine): NonNullable<QuarantineLine['first']> {
  const runId = key.slice(WINNOW_FOLDER.length + 1).split('/')[0] ?? '';
  return { runId, unit, sub: parseQuarantineKey(runKeys(runId), key)?.sub ?? 0, lineInUnit };
}
