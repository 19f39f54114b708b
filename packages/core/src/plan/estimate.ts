import type { Compression } from '../input/compression.ts';
import type { TextLayout } from '../input/text-layout.ts';
import type { PlannedInput } from '../shapes/unit.ts';
import type { SizedInput } from './cut.ts';
import type { InputSample } from './sample-input.ts';

/** Where no compressed input was sampled: what JSON text usually gives. */
const USUAL_RATIO = 6;

/** An input of the listing, with its compression where its beginning was read. */
export interface SurveyedInput extends PlannedInput {
  readonly compression?: Compression | undefined;
  /** Of its text, where that was read too and is no NDJSON. */
  readonly layout?: Exclude<TextLayout, 'ndjson'> | undefined;
}

/** Estimates what inputs decode to, from what is known of each and from the sampled ones. */
export class SizeEstimate {
  readonly #sampled: ReadonlyMap<string, Compression>;
  readonly #ratio: number;

  constructor(samples: readonly InputSample[]) {
    this.#sampled = new Map(samples.map((sample) => [sample.input.key, sample.compression]));
    const compressed = samples.filter((sample) => sample.compression.kind !== 'none');
    const sum = compressed.reduce((total, sample) => total + sample.ratio, 0);
    this.#ratio = compressed.length > 0 ? sum / compressed.length : USUAL_RATIO;
  }

  size({ compression, layout, ...input }: SurveyedInput): SizedInput {
    if (input.refuse !== undefined) return { ...input, decoded: 0, windowBytes: 0, plain: false };
    const known = compression ?? this.#sampled.get(input.key);
    if (!known) {
      const decoded = looksCompressed(input.key) ? Math.ceil(input.size * this.#ratio) : input.size;
      return { ...input, decoded, windowBytes: 0, plain: false };
    }
    if (known.kind === 'none') {
      const plain = layout === undefined || layout === 'array-lines';
      const elements = layout === 'array-lines' ? { layout } : {};
      return { ...input, decoded: input.size, windowBytes: 0, plain, ...elements };
    }
    const guess = Math.ceil(input.size * this.#ratio);
    if (known.kind === 'gzip') return { ...input, decoded: guess, windowBytes: 0, plain: false };
    // A content size is the first frame's only: a floor.
    const decoded = Math.max(guess, known.contentSize ?? 0);
    return { ...input, decoded, windowBytes: known.windowBytes ?? 0, plain: false };
  }
}

/** Only an estimate hangs on the name: workers go by content. */
function looksCompressed(key: string): boolean {
  return /\.(gz|gzip|bgz|zst|zstd)$/i.test(key);
}
