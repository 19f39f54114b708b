import {
  decode,
  mostDecodedBytes,
  openRecordLines,
  ownedRange,
  plannedBytes,
  rangeOfArrayLines,
  readsQuarantine,
  partsFolder,
  refusalSuffix,
  type PlannedInput,
  type Refusal,
  type ReadRange,
  type TextOrigin,
  type Unit,
} from '@winnow/core';
import { withReceipt, type BuiltUnit } from './built-receipt.ts';
import { equalChunks, STORED_CHUNK_BYTES } from './equal-chunks.ts';
import { assertUnchanged } from './pinned-input.ts';
import { inOrder, LongRecords, type RefusedAgain } from './long-records.ts';
import { redrive } from './redrive.ts';
import { refuse, wholly, type KnownRefusal, type PlannedShare } from './refusals.ts';
import { InputsAhead } from './inputs-ahead.ts';
import { SubUnitBuilder, type BuiltSubUnit } from './sub-unit-builder.ts';
import type { UnitContext } from './unit-context.ts';
import { withoutOpenLine, type Piece } from './whole-lines.ts';

/** What is known to be refused. */
interface Refusals {
  /** Of the unit's inputs, by their position. */
  readonly ofInputs: Map<number, KnownRefusal>;
  /** Of the inputs that a redrive reads again. */
  readonly again: RefusedAgain;
}

function listed({ ofInputs, again }: Refusals): Refusal[] {
  const ours = [...ofInputs].sort(([a], [b]) => a - b).map(([, { refusal }]) => refusal);
  return [...ours, ...inOrder(again)];
}

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
  const refusals: Refusals = { ofInputs: plannedRefusals(unit), again: new Map() };
  for (;;) {
    const suffix = refusalSuffix(listed(refusals));
    const place = {
      ...{ keys: context.keys, folder: partsFolder(context.run) },
      ...{ unit: unit.unit, sub: 0, suffix },
    };
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

function plannedRefusals(unit: Unit): Refusals['ofInputs'] {
  const refusals: Refusals['ofInputs'] = new Map();
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
  const { ofInputs, again } = refusals;
  const isWanted = (index: number): boolean => ofInputs.get(index)?.decodedLimit !== 0;
  const stored = new InputsAhead(context.source, unit.range ? [] : unit.inputs, isWanted);
  const long = new LongRecords(context, again, () => context.checkpoint(builder.records, builder.decoded));
  let foundMore = false;
  try {
    for (const [index, input] of unit.inputs.entries()) {
      const known = ofInputs.get(index);
      if (!isWanted(index)) continue;
      try {
        // Once this pass has found something new its part is lost: what follows is only looked through.
        const taker = foundMore || long.foundMore ? undefined : builder;
        const inTurn = { input, known, stored: () => stored.read(index) };
        if (readsQuarantine(context.run)) await redriveInput(context, long, inTurn, taker);
        else await readInput(context, unit, inTurn, taker);
      } catch (error) {
        ofInputs.set(index, await refuse(context, error, shareOf(unit, input), known));
        foundMore = true;
      }
    }
    return foundMore || long.foundMore;
  } finally {
    await long.end();
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
  if (builder) {
    const records = unit.range
      ? await openRange(context, input, unit.range, unit.layout)
      : await openWhole(context, input, stored(), known?.decodedLimit);
    if (records) await buildFrom(context, builder, input, records);
  } else await lookThrough(context, unit, { input, known, stored });
  // The storage has not seen the end of what is read in part.
  if (unit.range ?? known) await assertUnchanged(context.source, input);
}

async function redriveInput(
  context: UnitContext,
  long: LongRecords,
  { input, known, stored }: InputInTurn,
  builder: SubUnitBuilder | undefined,
): Promise<void> {
  await redrive(context, builder, long, input, stored(), known?.decodedLimit);
  if (known) await assertUnchanged(context.source, input);
}

/** Lines of an input, decoded, from `offset` of it on. */
interface Records {
  readonly offset: number;
  readonly pieces: AsyncIterable<Piece>;
  readonly origin: TextOrigin | undefined;
  /** They end where the rest is refused, maybe inside a record. */
  readonly isCut?: boolean;
}

async function buildFrom(
  context: UnitContext,
  builder: SubUnitBuilder,
  input: PlannedInput,
  { offset, pieces, origin, isCut }: Records,
): Promise<void> {
  builder.startInput(input.key, offset, origin, input.output, context.mendedInputs?.get(input.key));
  for await (const { bytes } of pieces) {
    await builder.push(bytes);
    context.checkpoint(builder.records, builder.decoded);
  }
  await builder.endInput(true, isCut);
}

/** Reads what the unit has of an input, for what may be wrong with it. */
async function lookThrough(
  context: UnitContext,
  { range }: Unit,
  { input, known, stored }: InputInTurn,
): Promise<void> {
  const { key, pin } = input;
  const pieces = range
    ? context.source.read(key, { ...range, pin })
    : decodeKept(context, input, stored(), known?.decodedLimit);
  for await (const _ of pieces) context.checkpoint(0, 0);
}

/** The whole input as far as the run takes it, or what is kept of one that is known to be refused from there on. */
function decodeKept(
  { maxWindowBytes, run }: UnitContext,
  { size }: PlannedInput,
  stored: AsyncIterable<Uint8Array>,
  decodedLimit: number | undefined,
): AsyncIterable<Piece> {
  if (decodedLimit !== undefined) return decode(stored, { maxWindowBytes, decodedLimit });
  const limit = mostDecodedBytes(run.frozen, size);
  return decode(equalChunks(stored, STORED_CHUNK_BYTES), { maxWindowBytes, mostDecodedBytes: limit });
}

async function openWhole(
  context: UnitContext,
  input: PlannedInput,
  stored: AsyncIterable<Uint8Array>,
  decodedLimit: number | undefined,
): Promise<Records> {
  const { run, kernels, recordsPath } = context;
  const isCut = decodedLimit !== undefined;
  const decoded = decodeKept(context, input, stored, decodedLimit);
  if (run.frozen.al3) return { offset: 0, pieces: decoded, origin: undefined, isCut };
  const kernel = () => kernels.scanning;
  const { pieces, origin } = await openRecordLines(decoded, { kernel, recordsPath, isCut });
  const kept = isCut ? withoutOpenLine(pieces, run.frozen.maxRecordBytes) : pieces;
  return { offset: 0, pieces: kept, origin };
}

/** Undefined where no record begins in the range. */
async function openRange(
  { source }: UnitContext,
  { key, pin, size }: PlannedInput,
  range: NonNullable<Unit['range']>,
  layout: Unit['layout'],
): Promise<Records | undefined> {
  const read: ReadRange = (start, end) => source.read(key, { start, end, pin });
  const { firstOffset, bytes } = await ownedRange(read, range, size);
  if (firstOffset === undefined) return undefined;
  const pieces = asPieces(bytes);
  if (layout !== 'array-lines') return { offset: firstOffset, pieces, origin: undefined };
  const lines = rangeOfArrayLines(pieces, firstOffset, (from) => read(from, size));
  return { offset: firstOffset, pieces: lines.pieces, origin: lines.origin };
}

async function* asPieces(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Piece> {
  for await (const bytes of chunks) yield { bytes };
}

function receiptOf(context: UnitContext, unit: Unit, refusals: Refusals, built: BuiltSubUnit): BuiltUnit {
  return withReceipt(built, {
    runId: context.run.runId,
    unit: unit.unit,
    sub: 0,
    last: true,
    planned: plannedBytes(unit),
    start: 0,
    refused: listed(refusals),
  });
}
