import type { PlannedInput } from '../shapes/unit.ts';
import type { CutStep } from './cut.ts';
import { Spool } from './spool.ts';

/** Bytes of the plan's text that come at once. */
const PIECE_BYTES = 64 << 10;
const OPENING_BRACE = '{'.charCodeAt(0);
const SPACE = ' '.charCodeAt(0);
const COMMA = Buffer.from(',');

/** What a unit has of an input. */
export interface UnitShare {
  readonly unit: number;
  readonly input: PlannedInput;
  /** Estimated decoded bytes. */
  readonly decoded: number;
}

/**
 * Units on this machine's disk, in the order they were cut. A unit has up to 10,000 inputs: as a text at once it would
 * be megabytes, hundreds of times over, so it is written and read input by input. The lines are
 *
 * - `<decoded> <input>` for each input of a unit, the input as JSON, just as the plan has it;
 * - `{…}`, its other facts as JSON, which end it.
 */
export class UnitSpool {
  readonly #lines: Spool;
  #units = 0;

  private constructor(lines: Spool) {
    this.#lines = lines;
  }

  static async create(path: string): Promise<UnitSpool> {
    return new UnitSpool(await Spool.create(path));
  }

  get units(): number {
    return this.#units;
  }

  append(step: CutStep): Promise<void> {
    if (step.kind === 'input') return this.#lines.append(`${step.decoded} ${JSON.stringify(step.input)}`);
    this.#units++;
    return this.#lines.append(JSON.stringify(step.facts));
  }

  /** Nothing can be appended afterwards. Harmless when repeated. */
  end(): Promise<void> {
    return this.#lines.end();
  }

  /** Input by input, the units numbered from `firstUnit`. */
  async *shares(firstUnit: number): AsyncGenerator<UnitShare> {
    let unit = firstUnit;
    for await (const line of this.#lines.read()) {
      if (line[0] === OPENING_BRACE) {
        unit++;
        continue;
      }
      const text = line.toString();
      const space = text.indexOf(' ');
      const input = JSON.parse(text.slice(space)) as PlannedInput;
      yield { unit, input, decoded: Number(text.slice(0, space)) };
    }
  }

  /**
   * The plan's text, in which these units are numbered from `firstUnit`: a line each, cut anywhere. A piece is good
   * until the next is asked for.
   */
  async *text(firstUnit: number): AsyncGenerator<Uint8Array> {
    const piece = Buffer.allocUnsafeSlow(PIECE_BYTES);
    let used = 0;
    for await (const bytes of this.#tokens(firstUnit)) {
      if (used + bytes.length > PIECE_BYTES) {
        yield piece.subarray(0, used);
        used = 0;
      }
      if (bytes.length > PIECE_BYTES) yield bytes;
      else used += bytes.copy(piece, used);
    }
    yield piece.subarray(0, used);
  }

  async *#tokens(firstUnit: number): AsyncGenerator<Buffer> {
    let unit = firstUnit;
    let begun = false;
    for await (const line of this.#lines.read()) {
      if (line[0] === OPENING_BRACE) {
        yield Buffer.from(`],${line.toString('utf8', 1)}\n`);
        unit++;
        begun = false;
      } else {
        yield begun ? COMMA : Buffer.from(`{"unit":${unit},"inputs":[`);
        yield line.subarray(line.indexOf(SPACE) + 1);
        begun = true;
      }
    }
  }
}
