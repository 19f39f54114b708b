import { pack, type Packing } from '../ndjson-text.ts';
import { noise } from '../noise.ts';
import { mutate } from './mutate.ts';
import { below, seeded } from './random.ts';

/** An input that is hard to read, and how it is read. Everything follows from `seed`. */
export interface FuzzCase {
  readonly seed: number;
  readonly bytes: Buffer;
  readonly unitBytes: number;
  readonly recordsPath: string | undefined;
}

const TEXTS = ['ndjson', 'array-lines', 'array', 'documents'] as const;
const PACKINGS: readonly Packing[] = ['plain', 'gzip', 'zstd'];

function record(random: () => number, id: number): string {
  const name = random() < 0.3 ? `é\\u00e9 ${noise(below(random, 60), id)}` : `n${id}`;
  const nested = random() < 0.3 ? `,"nested":{"a":[${id},"]"],"b":null}` : '';
  return `{"id":${id},"name":"${name}","value":${(random() * 1e6).toFixed(2)},"flag":${random() < 0.5}${nested}}`;
}

function textOf(kind: (typeof TEXTS)[number], records: readonly string[]): string {
  switch (kind) {
    case 'ndjson':
      return records.map((line) => `${line}\n`).join('');
    case 'array-lines':
      return `[\n${records.join(',\n')}\n]\n`;
    case 'array':
      return `[${records.join(' , ')}]`;
    case 'documents':
      return `{"x":["]"],"r":[${records.join(',')}]}\n{"r":[${records.slice(0, 3).join(',')}],"y":1}`;
  }
}

/** A valid input, mutated: the text before it is packed, what is packed, or both. One in fifty is left as it is. */
export function fuzzCase(seed: number): FuzzCase {
  const random = seeded(seed);
  const kind = TEXTS[below(random, TEXTS.length)] ?? 'ndjson';
  const records = Array.from({ length: 1 + below(random, 60) }, (_, id) => record(random, id));
  const packing = PACKINGS[below(random, PACKINGS.length)] ?? 'plain';
  const text = Buffer.from(textOf(kind, records));
  const where = random();
  const inside = where < 0.35 || where > 0.9;
  const outside = where >= 0.35 && where < 0.98;
  const cuts = Array.from({ length: below(random, 4) }, random);
  const packed = pack(inside ? mutate(text, random) : text, packing, cuts);
  return {
    seed,
    bytes: outside ? mutate(packed, random) : packed,
    unitBytes: [500, 2000, 1e6][below(random, 3)] ?? 1e6,
    recordsPath: kind === 'documents' ? 'r' : undefined,
  };
}
