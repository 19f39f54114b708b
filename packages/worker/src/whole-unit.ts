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
import { InputsAhead } from './inputs-ahead.ts';
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
  const isWanted = (index: number): boolean => refusals.get(index)?.decodedLimit !== 0;
  const stored = new InputsAhead(context.source, unit.range ? [] : unit.inputs, isWanted);
  let foundMore = false;
  try {
    for (const [index, input] of unit.inputs.entries()) {
      if (!isWanted(index)) continue;
      // Once this pass has found something new its part is lost: what follows is only looked through.
      const taker = foundMore ? undefined : builder;
      try {
        const share = await openShare(context, unit, input, refusals.get(index), () => stored.read(index));
        if (share) await takeShare(context, input, share, taker);
      } catch (error) {
        const { start, end } = unit.range ?? { start: 0, end: input.size };
        const found = refusalFor(error, input, start, end);
        if (!found) throw error;
        refusals.set(index, found);
        foundMore = true;
      }
    }
    return foundMore;
  } finally {
    await stored.end();
  }
}

async function takeShare(
  context: UnitContext,
  input: PlannedInput,
  share: Share,
  builder: SubUnitBuilder | undefined,
): Promise<void> {
  builder?.startInput(input.key, share.offset);
  for await (const { bytes } of share.chunks) {
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

/** Undefined where no record begins in the unit's range. `stored` gives the bytes of a whole input. */
async function openShare(
  { source, maxWindowBytes }: UnitContext,
  unit: Unit,
  input: PlannedInput,
  refused: KnownRefusal | undefined,
  stored: () => AsyncIterable<Uint8Array>,
): Promise<Share | undefined> {
  if (!unit.range) {
    if (!refused) return { offset: 0, chunks: decode(stored(), { maxWindowBytes }) };
    const kept = decode(stored(), { maxWindowBytes, decodedLimit: refused.decodedLimit });
    return { offset: 0, chunks: withoutOpenLine(kept) };
  }
  const { key, pin } = input;
  const read: ReadRange = (start, end) => source.read(key, { start, end, pin });
  const { firstOffset, bytes } = await ownedRange(read, unit.range, input.size);
  if (firstOffset === undefined) return undefined;
  const pieces = asPieces(bytes);
  return { offset: firstOffset, chunks: refused ? withoutOpenLine(pieces) : pieces };
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
