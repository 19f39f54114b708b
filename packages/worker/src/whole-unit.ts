import {
  decode,
  ownedRange,
  plannedBytes,
  refusalSuffix,
  type PlannedInput,
  type ReadRange,
  type Unit,
} from '@winnow/core';
import { withReceipt, type BuiltUnit } from './built-receipt.ts';
import { assertUnchanged } from './pinned-input.ts';
import { refuse, wholly, type KnownRefusal, type PlannedShare } from './refusals.ts';
import { InputsAhead } from './inputs-ahead.ts';
import { SubUnitBuilder, type BuiltSubUnit } from './sub-unit-builder.ts';
import type { UnitContext } from './unit-context.ts';
import { withoutOpenLine, type Piece } from './whole-lines.ts';

/** By position in the unit's inputs: what is known to be refused of them. */
type Refusals = Map<number, KnownRefusal>;

/**
 * Makes the one sub-unit of a unit of whole inputs or of a byte range.
 *
 * What is wrong with an input may show only behind records that were taken already (a checksum at its end, a file
 * that changes while it is read). So a pass that finds something throws its part away, looks through the rest of
 * the inputs for more, and another pass leaves out what is refused: its bytes follow from the inputs alone.
 *
 * In the layout `mirror` each input is a part under a name that no refusal changes. It needs no suffix: what depends on
 * the moment (`changed`, `vanished`, `denied`, `unreadable`) always refuses an input as a whole, so that an attempt either
 * makes its part from all of its pinned bytes or makes none; and what is kept of a damaged input follows from these bytes
 * too, for damage counts only where the pin still holds. What others did to other inputs of the unit does not show in it.
 */
export async function buildWholeUnit(context: UnitContext, unit: Unit): Promise<BuiltUnit> {
  const refusals = plannedRefusals(unit);
  for (;;) {
    const suffix = refusalSuffix([...refusals.values()].map(({ refusal }) => refusal));
    const place = { keys: context.keys, unit: unit.unit, sub: 0, suffix };
    const builder = new SubUnitBuilder(context.kernels, context.run.frozen, context.output, place);
    try {
      const foundMore = await readInputs(context, unit, refusals, builder);
      if (!foundMore) return receiptOf(context, unit, refusals, await builder.finish());
      await builder.abort();
    } catch (error) {
      await builder.abort();
      throw error;
    }
  }
}

function plannedRefusals(unit: Unit): Refusals {
  const refusals: Refusals = new Map();
  unit.inputs.forEach((input, index) => {
    if (input.refuse) refusals.set(index, wholly(shareOf(unit, input), input.refuse));
  });
  return refusals;
}

function shareOf(unit: Unit, input: PlannedInput): PlannedShare {
  return { input, ...(unit.range ?? { start: 0, end: input.size }) };
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
      const known = refusals.get(index);
      if (!isWanted(index)) continue;
      try {
        // Once this pass has found something new its part is lost: what follows is only looked through.
        const taker = foundMore ? undefined : builder;
        await readInput(context, unit, { input, known, stored: () => stored.read(index) }, taker);
      } catch (error) {
        refusals.set(index, await refuse(context, error, shareOf(unit, input), known));
        foundMore = true;
      }
    }
    return foundMore;
  } finally {
    await stored.end();
  }
}

/** An input whose turn has come. */
interface InputInTurn {
  readonly input: PlannedInput;
  readonly known: KnownRefusal | undefined;
  /** All of its stored bytes. */
  readonly stored: () => AsyncIterable<Uint8Array>;
}

async function readInput(
  context: UnitContext,
  unit: Unit,
  { input, known, stored }: InputInTurn,
  builder: SubUnitBuilder | undefined,
): Promise<void> {
  const records = unit.range
    ? await openRange(context, input, unit.range)
    : openWhole(context, stored(), known?.decodedLimit);
  if (records) {
    builder?.startInput(input.key, records.offset, input.output);
    for await (const { bytes } of records.pieces) {
      await builder?.push(bytes);
      context.checkpoint(builder?.records ?? 0, builder?.decoded ?? 0);
    }
    await builder?.endInput();
  }
  // The storage has not seen the end of what is read in part.
  if (unit.range ?? known) await assertUnchanged(context.source, input);
}

/** Whole records of an input, decoded, from `offset` of it on. */
interface Records {
  readonly offset: number;
  readonly pieces: AsyncIterable<Piece>;
}

function openWhole(
  { maxWindowBytes, run }: UnitContext,
  stored: AsyncIterable<Uint8Array>,
  decodedLimit: number | undefined,
): Records {
  if (decodedLimit === undefined) return { offset: 0, pieces: decode(stored, { maxWindowBytes }) };
  const kept = decode(stored, { maxWindowBytes, decodedLimit });
  return { offset: 0, pieces: withoutOpenLine(kept, run.frozen.maxRecordBytes) };
}

/** Undefined where no record begins in the range. */
async function openRange(
  { source }: UnitContext,
  { key, pin, size }: PlannedInput,
  range: NonNullable<Unit['range']>,
): Promise<Records | undefined> {
  const read: ReadRange = (start, end) => source.read(key, { start, end, pin });
  const { firstOffset, bytes } = await ownedRange(read, range, size);
  return firstOffset === undefined ? undefined : { offset: firstOffset, pieces: asPieces(bytes) };
}

async function* asPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  for await (const bytes of chunks) yield { bytes };
}

function receiptOf(context: UnitContext, unit: Unit, refusals: Refusals, built: BuiltSubUnit): BuiltUnit {
  const inOrder = [...refusals].sort(([a], [b]) => a - b).map(([, { refusal }]) => refusal);
  return withReceipt(built, {
    runId: context.run.runId,
    unit: unit.unit,
    sub: 0,
    last: true,
    planned: plannedBytes(unit),
    start: 0,
    refused: inOrder,
  });
}
