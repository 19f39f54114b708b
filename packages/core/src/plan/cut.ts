import type { Column } from '@winnow/kernel';
import type { Frozen } from '../shapes/run.ts';
import type { PlannedInput, Unit } from '../shapes/unit.ts';
import { columnsMemoryMiB, memoryClassFor } from '../memory-class.ts';

/** No unit has more inputs than this: its plan line and its receipt stay small. */
export const MAX_INPUTS_PER_UNIT = 10_000;

/**
 * In the layout `mirror` each input has a part, which is an open file (or upload) until the unit is committed, and a line
 * in the receipt: fewer then, below the 1,024 open files that a process may have in many places.
 */
export const MAX_INPUTS_PER_MIRROR_UNIT = 512;

/** An input and what the planner knows of it. */
export interface SizedInput extends PlannedInput {
  /** Estimated decoded bytes. */
  readonly decoded: number;
  /** Of its zstd frame, 0 for anything else. */
  readonly windowBytes: number;
  /** Known to be plain text that has a record a line: it can be cut at any byte. */
  readonly plain: boolean;
  /** Of such a text where it is no NDJSON. */
  readonly layout?: 'array-lines';
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
 * | compressed or no lines, larger than a unit | a unit of its own that has sub-units          |
 * | anything else                             | part of the open unit while it fits            |
 *
 * In the layout `mirror`, and where inputs are documents, an input is never split: one larger than a unit is a unit of its own.
 *
 * A unit has inputs of one memory class, so a change of class closes the open one.
 */
export class UnitCutter {
  readonly #unitBytes: number;
  readonly #baseMiB: number;
  readonly #layout: Frozen['layout'];
  readonly #keepsWhole: boolean;
  #open: { readonly inputs: number; readonly decoded: number; readonly memoryMiB: number } | undefined;

  /** @param run its layout, its columns: thousands of them need a larger memory class; and whether inputs are documents */
  constructor(
    unitBytes: number,
    run: Partial<Pick<Frozen, 'layout'>> & { columns?: readonly Column[]; documents?: boolean } = {},
  ) {
    this.#unitBytes = unitBytes;
    this.#layout = run.layout ?? 'parts';
    this.#keepsWhole = this.#layout === 'mirror' || run.documents === true;
    this.#baseMiB = columnsMemoryMiB(run.columns ?? []);
  }

  *add(input: SizedInput): Generator<CutStep> {
    const memoryMiB = memoryClassFor(input.windowBytes, this.#baseMiB);
    const { decoded } = input;
    if (input.refuse === undefined && decoded > this.#unitBytes) {
      yield* this.end();
      if (this.#keepsWhole) yield* oneUnit(input, { decoded, memoryMiB });
      else if (input.plain) yield* cutRanges(input, this.#unitBytes, memoryMiB);
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
    const maxInputs = this.#layout === 'mirror' ? MAX_INPUTS_PER_MIRROR_UNIT : MAX_INPUTS_PER_UNIT;
    return (
      open.memoryMiB === memoryMiB &&
      open.inputs < maxInputs &&
      open.decoded + input.decoded <= this.#unitBytes
    );
  }
}

function* cutRanges(input: SizedInput, unitBytes: number, memoryMiB: number): Generator<CutStep> {
  const pieces = Math.ceil(input.size / unitBytes);
  const layout = input.layout === undefined ? {} : { layout: input.layout };
  const border = (piece: number): number => Math.floor((input.size / pieces) * piece);
  for (let piece = 0; piece < pieces; piece++) {
    const start = border(piece);
    const end = piece === pieces - 1 ? input.size : border(piece + 1);
    yield* oneUnit(input, { range: { start, end }, ...layout, decoded: end - start, memoryMiB });
  }
}

function* oneUnit(input: SizedInput, facts: UnitFacts): Generator<CutStep> {
  const { decoded, memoryMiB } = facts;
  yield { kind: 'input', memoryMiB, input: planned(input), decoded };
  yield { kind: 'end', facts };
}

function planned({ key, size, pin, refuse, output, replaces, unsettled }: SizedInput): PlannedInput {
  if (refuse !== undefined) return { key, size, pin, refuse };
  if (output === undefined) return { key, size, pin };
  const before = { ...(replaces !== undefined && { replaces }), ...(unsettled && { unsettled }) };
  return { key, size, pin, output, ...before };
}
