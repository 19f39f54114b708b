import {
  decode,
  ownedRange,
  plannedBytes,
  refusalSuffix,
  type PlannedInput,
  type ReadRange,
  type Receipt,
  type Unit,
} from '@winnow/core';
import { refusalFor, wholly, type KnownRefusal } from './refusals.ts';
import { SubUnitBuilder, type BuiltSubUnit } from './sub-unit-builder.ts';
import type { UnitContext } from './unit-context.ts';
import { withoutOpenLine } from './whole-lines.ts';

/** By position in the unit's inputs: what is known to be refused of them. */
type Refusals = Map<number, KnownRefusal>;

export interface BuiltUnit {
  readonly built: BuiltSubUnit;
  readonly receipt: Receipt;
}

/**
 * Makes the one sub-unit of a unit of whole inputs or of a byte range.
 *
 * What is wrong with an input may show only behind records that were taken already (a checksum at its end, a file
 * that changes while it is read). So a pass that finds something throws its part away, looks through the rest of
 * the inputs for more, and another pass leaves out what is refused: its bytes follow from the inputs alone.
 */
export async function buildWholeUnit(context: UnitContext, unit: Unit): Promise<BuiltUnit> {
  const refusals: Refusals = new Map();
  unit.inputs.forEach((input, index) => {
    if (input.refuse) refusals.set(index, wholly(input, input.refuse, 0, input.size));
  });
  for (;;) {
    const suffix = refusalSuffix([...refusals.values()].map(({ refusal }) => refusal));
    const place = { keys: context.keys, unit: unit.unit, sub: 0, suffix };
    const builder = new SubUnitBuilder(context.kernel(), context.run.frozen, context.output, place);
    try {
      const foundMore = await readInputs(context, unit, refusals, builder);
      if (foundMore) {
        await builder.abort();
        continue;
      }
      const built = await builder.finish();
      return { built, receipt: receiptOf(context, unit, refusals, built) };
    } catch (error) {
      await builder.abort();
      throw error;
    }
  }
}

/** True where it found something to refuse that was not known: it is in `refusals` now. */
async function readInputs(
  context: UnitContext,
  unit: Unit,
  refusals: Refusals,
  builder: SubUnitBuilder,
): Promise<boolean> {
  let foundMore = false;
  for (const [index, input] of unit.inputs.entries()) {
    const refused = refusals.get(index);
    if (refused?.decodedLimit === 0) continue;
    // Once this pass has found something new its part is lost: what follows is only looked through.
    const taker = foundMore ? undefined : builder;
    try {
      await readInput(context, unit, input, refused, taker);
    } catch (error) {
      const { start, end } = unit.range ?? { start: 0, end: input.size };
      const found = refusalFor(error, input, start, end);
      if (!found) throw error;
      refusals.set(index, found);
      foundMore = true;
    }
  }
  return foundMore;
}

async function readInput(
  context: UnitContext,
  unit: Unit,
  input: PlannedInput,
  refused: KnownRefusal | undefined,
  builder: SubUnitBuilder | undefined,
): Promise<void> {
  const share = await openShare(context, unit, input, refused);
  if (!share) return;
  builder?.startInput(input.key, share.offset);
  for await (const { bytes } of refused ? withoutOpenLine(share.chunks) : share.chunks) {
    await builder?.push(bytes);
    context.checkpoint(builder?.records ?? 0, builder?.decoded ?? 0);
  }
  await builder?.endInput();
}

/** What the unit has of an input, decoded: from `offset` of it on. */
interface Share {
  readonly offset: number;
  readonly chunks: AsyncIterable<{ readonly bytes: Uint8Array }>;
}

/** Undefined where no record begins in the unit's range. */
async function openShare(
  context: UnitContext,
  unit: Unit,
  input: PlannedInput,
  refused: KnownRefusal | undefined,
): Promise<Share | undefined> {
  const { source, maxWindowBytes } = context;
  const { key, pin } = input;
  if (!unit.range) {
    const limit = refused ? { decodedLimit: refused.decodedLimit } : {};
    return { offset: 0, chunks: decode(source.read(key, { pin }), { maxWindowBytes, ...limit }) };
  }
  const read: ReadRange = (start, end) => source.read(key, { start, end, pin });
  const { firstOffset, bytes } = await ownedRange(read, unit.range, input.size);
  return firstOffset === undefined ? undefined : { offset: firstOffset, chunks: asPieces(bytes) };
}

async function* asPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<{ bytes: Uint8Array }> {
  for await (const bytes of chunks) yield { bytes };
}

function receiptOf(context: UnitContext, unit: Unit, refusals: Refusals, built: BuiltSubUnit): Receipt {
  const { decoded, ...facts } = built.facts;
  const planned = plannedBytes(unit);
  const inOrder = [...refusals].sort(([a], [b]) => a - b).map(([, { refusal }]) => refusal);
  const refused = inOrder.reduce((sum, refusal) => sum + refusal.bytes, 0);
  const written = facts.parts.reduce((sum, part) => sum + part.bytes, 0);
  return {
    runId: context.run.runId,
    unit: unit.unit,
    sub: 0,
    last: true,
    ...facts,
    bytes: { planned, read: planned - refused, refused, decoded, written },
    decodedEnd: decoded,
    refused: inOrder,
  };
}
