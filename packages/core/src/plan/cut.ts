import type { PlannedInput, Unit } from '../shapes/unit.ts';
import { memoryClassFor } from '../memory-class.ts';

/** No unit has more inputs than this: its plan line and its receipt stay small. */
export const MAX_INPUTS_PER_UNIT = 10_000;

/** An input and what the planner knows of it. */
export interface SizedInput extends PlannedInput {
  /** Estimated decoded bytes. */
  readonly decoded: number;
  /** Of its zstd frame, 0 for anything else. */
  readonly windowBytes: number;
  /** Known to be plain text: it can be cut at any byte. */
  readonly plain: boolean;
}

/** A unit before it has its number: those follow when all memory classes are known. */
export type UnnumberedUnit = Omit<Unit, 'unit'>;

/**
 * Cuts inputs into units, in their order, holding one open unit at most.
 *
 * | input                                     | becomes                                        |
 * |-------------------------------------------|------------------------------------------------|
 * | refused by the plan                       | part of the open unit: it costs nothing        |
 * | plain, larger than a unit                 | byte ranges of equal size, a unit each         |
 * | compressed, larger than a unit            | a unit of its own that has sub-units           |
 * | anything else                             | part of the open unit while it fits            |
 *
 * A unit has inputs of one memory class, so a change of class closes the open one.
 */
export function* cutUnits(inputs: Iterable<SizedInput>, unitBytes: number): Generator<UnnumberedUnit> {
  const cutter = new UnitCutter(unitBytes);
  for (const input of inputs) yield* cutter.add(input);
  yield* cutter.end();
}

/** {@link cutUnits} for inputs that arrive one by one. */
export class UnitCutter {
  readonly #unitBytes: number;
  #open: { inputs: PlannedInput[]; decoded: number; memoryMiB: number } | undefined;

  constructor(unitBytes: number) {
    this.#unitBytes = unitBytes;
  }

  *add(input: SizedInput): Generator<UnnumberedUnit> {
    const memoryMiB = memoryClassFor(input.windowBytes);
    if (input.refuse === undefined && input.decoded > this.#unitBytes) {
      yield* this.end();
      yield* input.plain ? cutRanges(input, this.#unitBytes, memoryMiB) : [withSubUnits(input, memoryMiB)];
      return;
    }
    if (this.#open && !this.#fits(input, memoryMiB)) yield* this.end();
    this.#open ??= { inputs: [], decoded: 0, memoryMiB };
    this.#open.inputs.push(planned(input));
    this.#open.decoded += input.decoded;
  }

  *end(): Generator<UnnumberedUnit> {
    if (this.#open) yield this.#open;
    this.#open = undefined;
  }

  #fits(input: SizedInput, memoryMiB: number): boolean {
    const open = this.#open;
    if (!open) return false;
    return (
      open.memoryMiB === memoryMiB &&
      open.inputs.length < MAX_INPUTS_PER_UNIT &&
      open.decoded + input.decoded <= this.#unitBytes
    );
  }
}

function* cutRanges(input: SizedInput, unitBytes: number, memoryMiB: number): Generator<UnnumberedUnit> {
  const pieces = Math.ceil(input.size / unitBytes);
  const border = (piece: number): number => Math.floor((input.size / pieces) * piece);
  for (let piece = 0; piece < pieces; piece++) {
    const start = border(piece);
    const end = piece === pieces - 1 ? input.size : border(piece + 1);
    yield { inputs: [planned(input)], range: { start, end }, decoded: end - start, memoryMiB };
  }
}

function withSubUnits(input: SizedInput, memoryMiB: number): UnnumberedUnit {
  return { inputs: [planned(input)], subUnits: true, decoded: input.decoded, memoryMiB };
}

function planned({ key, size, pin, refuse }: SizedInput): PlannedInput {
  return refuse === undefined ? { key, size, pin } : { key, size, pin, refuse };
}
