import {
  decode,
  mostDecodedBytes,
  openRecordLines,
  partsFolder,
  refusalSuffix,
  SubUnitStream,
  type PlannedInput,
  type Receipt,
  type Refusal,
  type TextOrigin,
  type Unit,
} from '@winnow/core';
import { withReceipt, type BuiltUnit } from './built-receipt.ts';
import { equalChunks, STORED_CHUNK_BYTES } from './equal-chunks.ts';
import { assertUnchanged } from './pinned-input.ts';
import { refuse, wholly, type KnownRefusal } from './refusals.ts';
import { SubUnitBuilder } from './sub-unit-builder.ts';
import type { UnitContext } from './unit-context.ts';
import { withoutOpenLine } from './whole-lines.ts';

/** Where each committed sub-unit of the unit ends in the decoded bytes, in order. */
export type CommittedEnds = readonly number[];

/**
 * Makes the sub-units of an input that cannot be split, one after the other, from the first uncommitted one on:
 * decodes from the beginning and discards what is committed. Yields each when its bytes are complete; the caller
 * commits it and passes the receipt that stands to `next`: another attempt's may stand where this one met the input
 * changed or gone.
 *
 * Where the stream turns out to be damaged, the open sub-unit is made again up to the damage and is the last one.
 * Which ones are committed by then follows from the stored bytes alone: those with a decoded byte behind them.
 */
export async function* buildSubUnits(
  context: UnitContext,
  unit: Unit,
  committed: CommittedEnds,
): AsyncGenerator<BuiltUnit, void, Receipt | undefined> {
  const [input] = unit.inputs;
  if (!input) throw new RangeError(`unit ${unit.unit} has no input`);
  const share = { input, start: 0, end: input.size };
  const ends = [...committed];
  let refused = input.refuse ? wholly(share, input.refuse) : undefined;
  for (;;) {
    try {
      for await (const next of passOver(context, unit, input, ends, refused)) {
        const standing = (yield next) ?? next.receipt;
        ends.push(standing.decodedEnd);
        if (standing.last) return;
        // Somebody else read on where this attempt could not: go on behind what that one committed.
        if (next.receipt.last || standing.decodedEnd !== next.receipt.decodedEnd) break;
      }
    } catch (error) {
      refused = await refuse(context, error, share, refused);
    }
  }
}

/** One reading of the stream, up to what is known to be refused. */
async function* passOver(
  context: UnitContext,
  unit: Unit,
  input: PlannedInput,
  ends: readonly number[],
  refused: KnownRefusal | undefined,
): AsyncGenerator<BuiltUnit> {
  const { pieces, origin } = await openStream(context, input, ends.at(-1) ?? 0, refused);
  try {
    let piece = await pieces.next();
    do {
      // The caller adds the end of each that stands.
      const [sub, start] = [ends.length, ends.at(-1) ?? 0];
      const builder = startBuilder(context, unit, sub, refused);
      try {
        builder.startInput(input.key, start, origin);
        for (let open = true; piece && open;) {
          await builder.push(piece.bytes);
          context.checkpoint(builder.records, builder.decoded);
          open = !piece.endsSubUnit;
          // Looked at before the sub-unit is closed: whether it is the last one, and whether its end is sound.
          piece = await pieces.next();
        }
        await builder.endInput(piece === undefined);
        const built = await builder.finish();
        if (!isRefusedAsWhole(refused)) await assertUnchanged(context.source, input);
        const last = piece === undefined;
        const refusals = last && refused ? [withSuspects(refused, unit.unit, ends)] : [];
        yield withReceipt(built, {
          runId: context.run.runId,
          ...{ unit: unit.unit, sub, last, start },
          planned: last ? input.size : 0,
          refused: refusals,
        });
      } catch (error) {
        await builder.abort();
        throw error;
      }
    } while (piece);
  } finally {
    await pieces.close();
  }
}

function startBuilder(
  context: UnitContext,
  unit: Unit,
  sub: number,
  refused: KnownRefusal | undefined,
): SubUnitBuilder {
  const suffix = refusalSuffix(refused ? [refused.refusal] : []);
  const place = {
    ...{ keys: context.keys, folder: partsFolder(context.run) },
    ...{ unit: unit.unit, sub, suffix },
  };
  return new SubUnitBuilder(context.kernels, context.run.frozen, context.output, place);
}

const isRefusedAsWhole = (refused: KnownRefusal | undefined): boolean => refused?.decodedLimit === 0;

interface OpenStream {
  readonly pieces: SubUnitStream;
  readonly origin: TextOrigin | undefined;
}

async function openStream(
  context: UnitContext,
  input: PlannedInput,
  start: number,
  refused: KnownRefusal | undefined,
): Promise<OpenStream> {
  const { unitBytes, maxRecordBytes } = context.run.frozen;
  const { maxWindowBytes, kernels, recordsPath } = context;
  // What is kept of the input is committed already: the last sub-unit holds nothing.
  if (refused && refused.decodedLimit <= start)
    return { pieces: new SubUnitStream(nothing(), { unitBytes }), origin: undefined };
  const stored = equalChunks(context.source.read(input.key, { pin: input.pin }), STORED_CHUNK_BYTES);
  const limit = refused
    ? { decodedLimit: refused.decodedLimit }
    : { mostDecodedBytes: mostDecodedBytes(context.run.frozen, input.size) };
  const { pieces, origin } = await openRecordLines(decode(stored, { maxWindowBytes, ...limit }), {
    kernel: () => kernels.scanning,
    recordsPath,
    from: start,
    isCut: refused !== undefined,
  });
  const kept = refused ? withoutOpenLine(pieces, maxRecordBytes) : pieces;
  return { pieces: new SubUnitStream(kept, { unitBytes, skipTo: start }), origin };
}

async function* nothing(): AsyncGenerator<{ bytes: Uint8Array }> {
  // The whole rest is refused.
}

/** Sub-units that were committed before a checksum failed over bytes of theirs. */
function withSuspects(refused: KnownRefusal, unit: number, ends: CommittedEnds): Refusal {
  if (refused.refusal.reason !== 'corrupt') return refused.refusal;
  const suspect = ends.flatMap((end, sub) => (end > refused.decodedLimit ? [{ unit, sub }] : []));
  return suspect.length > 0 ? { ...refused.refusal, suspect } : refused.refusal;
}
