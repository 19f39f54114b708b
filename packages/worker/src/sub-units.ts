import {
  decode,
  refusalSuffix,
  SubUnitStream,
  type PlannedInput,
  type Receipt,
  type Refusal,
  type Unit,
} from '@winnow/core';
import { refusalFor, wholly, type KnownRefusal } from './refusals.ts';
import { SubUnitBuilder, type BuiltSubUnit } from './sub-unit-builder.ts';
import type { UnitContext } from './unit-context.ts';
import type { BuiltUnit } from './whole-unit.ts';
import { withoutOpenLine } from './whole-lines.ts';

/** Where each committed sub-unit of the unit ends in the decoded bytes, in order. */
export type CommittedEnds = readonly number[];

/**
 * Makes the sub-units of an input that cannot be split, one after the other, from the first uncommitted one on:
 * decodes from the beginning and discards what is committed. Yields each when its bytes are complete; the caller
 * commits it and passes the receipt that stands to `next`: another attempt's may stand where this one met the input
 * changed or gone.
 *
 * When the stream turns out to be damaged, the open sub-unit is made again up to the damage and is the last one.
 */
export async function* buildSubUnits(
  context: UnitContext,
  unit: Unit,
  committed: CommittedEnds,
): AsyncGenerator<BuiltUnit, void, Receipt | undefined> {
  const [input] = unit.inputs;
  if (!input) return;
  const ends = [...committed];
  let refused = input.refuse ? wholly(input, input.refuse, 0, input.size) : undefined;
  for (;;) {
    try {
      for await (const next of passOver(context, unit, input, ends, refused)) {
        const standing = (yield next) ?? next.receipt;
        ends.push(standing.decodedEnd);
        if (standing.last) return;
        // Somebody else read on where this attempt could not: go on behind what that one committed.
        if (next.receipt.last) break;
      }
    } catch (error) {
      const found = refusalFor(error, input, 0, input.size);
      // A second finding can only be that the input is gone by now: it is refused as a whole.
      if (!found || (refused && found.decodedLimit > 0)) throw error;
      refused = found;
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
  let sub = ends.length;
  let start = ends.at(-1) ?? 0;
  const pieces = openStream(context, input, start, refused);
  let piece = await pieces.next();
  for (;;) {
    const builder = startBuilder(context, unit, sub, refused);
    try {
      builder.startInput(input.key, start);
      let open = true;
      while (piece && open) {
        await builder.push(piece.bytes);
        context.checkpoint(builder.records, builder.decoded);
        open = !piece.endsSubUnit;
        // Looked at before the sub-unit is closed: whether it is the last one, and whether its end is sound.
        piece = await pieces.next();
      }
      await builder.endInput();
      const built = await builder.finish();
      const last = piece === undefined;
      yield { built, receipt: receiptOf(context, unit, input, { sub, start, ends, last, refused, built }) };
      if (last) return;
    } catch (error) {
      await builder.abort();
      throw error;
    }
    start += builder.decoded;
    sub++;
  }
}

function startBuilder(
  context: UnitContext,
  unit: Unit,
  sub: number,
  refused: KnownRefusal | undefined,
): SubUnitBuilder {
  const suffix = refusalSuffix(refused ? [refused.refusal] : []);
  const place = { keys: context.keys, unit: unit.unit, sub, suffix };
  return new SubUnitBuilder(context.kernel(), context.run.frozen, context.output, place);
}

function openStream(
  context: UnitContext,
  input: PlannedInput,
  start: number,
  refused: KnownRefusal | undefined,
): SubUnitStream {
  const { unitBytes } = context.run.frozen;
  // What is kept of the input is committed already: the last sub-unit holds nothing.
  if (refused && refused.decodedLimit <= start) return new SubUnitStream(nothing(), { unitBytes });
  const options = { unitBytes, skipTo: start };
  const stored = context.source.read(input.key, { pin: input.pin });
  const limit = refused ? { decodedLimit: refused.decodedLimit } : {};
  const decoded = decode(stored, { maxWindowBytes: context.maxWindowBytes, ...limit });
  return new SubUnitStream(refused ? withoutOpenLine(decoded) : decoded, options);
}

async function* nothing(): AsyncGenerator<{ bytes: Uint8Array }> {
  // The whole rest is refused.
}

interface SubUnitState {
  readonly sub: number;
  readonly start: number;
  readonly ends: readonly number[];
  readonly last: boolean;
  readonly refused: KnownRefusal | undefined;
  readonly built: BuiltSubUnit;
}

function receiptOf(context: UnitContext, unit: Unit, input: PlannedInput, state: SubUnitState): Receipt {
  const { decoded, ...facts } = state.built.facts;
  const refusals = state.last && state.refused ? [withSuspects(state.refused, unit.unit, state.ends)] : [];
  const planned = state.last ? input.size : 0;
  const refused = refusals[0]?.bytes ?? 0;
  const written = facts.parts.reduce((sum, part) => sum + part.bytes, 0);
  return {
    runId: context.run.runId,
    unit: unit.unit,
    sub: state.sub,
    last: state.last,
    ...facts,
    bytes: { planned, read: planned - refused, refused, decoded, written },
    decodedEnd: state.start + decoded,
    refused: refusals,
  };
}

/** Sub-units that were committed before a checksum failed over bytes of theirs. */
function withSuspects(refused: KnownRefusal, unit: number, ends: readonly number[]): Refusal {
  if (refused.refusal.reason !== 'corrupt') return refused.refusal;
  const suspect = ends
    .map((end, sub) => ({ unit, sub, end }))
    .filter(({ end }) => end > refused.decodedLimit)
    .map(({ sub }) => ({ unit, sub }));
  return suspect.length > 0 ? { ...refused.refusal, suspect } : refused.refusal;
}
