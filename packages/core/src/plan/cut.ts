import type { Column } from '@winnow/kernel';
import type { PlannedInput, Unit } from '../shapes/unit.ts';
import { columnsMemoryMiB, memoryClassFor } from '../memory-class.ts';

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

/** What a unit has besides its inputs. */
export type UnitFacts = Omit<UnnumberedUnit, 'inputs'>;

/**
 * A unit comes as a step for each of its inputs, then one that ends it. Nobody holds 10,000 inputs for that: `decoded`
 * is the share that the unit has of the input.
 */
export type CutStep =
  | {
      readonly kind: 'input';
      readonly memoryMiB: number;
      readonly input: PlannedInput;
      readonly decoded: number;
    }
  | { readonly kind: 'end'; readonly facts: UnitFacts };

/**
 * Cuts inputs into units, in their order: of the open one it knows how large it is.
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
export class UnitCutter {
  readonly #unitBytes: number;
  readonly #baseMiB: number;
  #open: { readonly inputs: number; readonly decoded: number; readonly memoryMiB: number } | undefined;

  /** @param columns of the run: thousands of them need a larger memory class */
  constructor(unitBytes: number, columns: readonly Column[] = []) {
    this.#unitBytes = unitBytes;
    this.#baseMiB = columnsMemoryMiB(columns);
  }

  *add(input: SizedInput): Generator<CutStep> {
    const memoryMiB = memoryClassFor(input.windowBytes, this.#baseMiB);
    const { decoded } = input;
    if (input.refuse === undefined && decoded > this.#unitBytes) {
      yield* this.end();
      if (input.plain) yield* cutRanges(input, this.#unitBytes, memoryMiB);
      else yield* oneUnit(input, { subUnits: true, decoded, memoryMiB });
      return;
    }
    if (!this.#fits(input, memoryMiB)) yield* this.end();
    const open = this.#open ?? { inputs: 0, decoded: 0 };
    this.#open = { inputs: open.inputs + 1, decoded: open.decoded + decoded, memoryMiB };
    yield { kind: 'input', memoryMiB, input: planned(input), decoded };
  }

  /** To be called once more after the last input. */
  *end(): Generator<CutStep> {
    if (!this.#open) return;
    const { decoded, memoryMiB } = this.#open;
    this.#open = undefined;
    yield { kind: 'end', facts: { decoded, memoryMiB } };
  }

  #fits(input: SizedInput, memoryMiB: number): boolean {
    const open = this.#open;
    if (!open) return true;
    return (
      open.memoryMiB === memoryMiB &&
      open.inputs < MAX_INPUTS_PER_UNIT &&
      open.decoded + input.decoded <= this.#unitBytes
    );
  }
}

function* cutRanges(input: SizedInput, unitBytes: number, memoryMiB: number): Generator<CutStep> {
  const pieces = Math.ceil(input.size / unitBytes);
  const border = (piece: number): number => Math.floor((input.size / pieces) * piece);
  for (let piece = 0; piece < pieces; piece++) {
    const start = border(piece);
    const end = piece === pieces - 1 ? input.size : border(piece + 1);
    yield* oneUnit(input, { range: { start, end }, decoded: end - start, memoryMiB });
  }
}

function* oneUnit(input: SizedInput, facts: UnitFacts): Generator<CutStep> {
  const { decoded, memoryMiB } = facts;
  yield { kind: 'input', memoryMiB, input: planned(input), decoded };
  yield { kind: 'end', facts };
}

function planned({ key, size, pin, refuse }: SizedInput): PlannedInput {
  return refuse === undefined ? { key, size, pin } : { key, size, pin, refuse };
}
