import { below } from './random.ts';

type Mutation = (bytes: Buffer, random: () => number) => Buffer;

/** What lengths and counters break at. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff];
/** Text that means something to one reader or another. */
const TOKENS = [
  '\n',
  '\r',
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  '\0',
  '\ufeff',
  '\\ud800',
  '1e999',
  '\x1f\x8b',
];

const flipBits: Mutation = (bytes, random) => {
  const flipped = Buffer.from(bytes);
  for (let n = below(random, 8); n >= 0 && flipped.length > 0; n--) {
    const at = below(random, flipped.length);
    flipped[at] = (flipped[at] ?? 0) ^ (1 << below(random, 8));
  }
  return flipped;
};

const cut: Mutation = (bytes, random) => bytes.subarray(0, below(random, bytes.length + 1));

/** A piece of it takes the place of another, or goes between. */
const splice: Mutation = (bytes, random) => {
  const from = below(random, bytes.length + 1);
  const piece = bytes.subarray(from, from + below(random, bytes.length - from + 1));
  const at = below(random, bytes.length + 1);
  return Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + below(random, piece.length + 1))]);
};

const insert: Mutation = (bytes, random) => {
  const at = below(random, bytes.length + 1);
  const token = Buffer.from(TOKENS[below(random, TOKENS.length)] ?? '');
  const run = Buffer.concat(Array<Buffer>(1 + below(random, random() < 0.1 ? 2000 : 3)).fill(token));
  return Buffer.concat([bytes.subarray(0, at), run, bytes.subarray(at)]);
};

/** Near the beginning, where headers are, or anywhere: a number of one to four bytes, little-endian. */
const editLength: Mutation = (bytes, random) => {
  const edited = Buffer.from(bytes);
  const width = [1, 2, 4][below(random, 3)] ?? 1;
  if (edited.length < width) return edited;
  const at = below(random, (random() < 0.5 ? Math.min(edited.length, 24) : edited.length) - width + 1);
  const value = EDGES[below(random, EDGES.length)] ?? 0;
  edited.writeUIntLE(value % 2 ** (8 * width), Math.max(0, at), width);
  return edited;
};

const MUTATIONS: readonly Mutation[] = [flipBits, cut, splice, insert, editLength];

/** One to four mutations, one behind the other. */
export function mutate(bytes: Buffer, random: () => number): Buffer {
  let mutated = bytes;
  for (let n = below(random, 4); n >= 0; n--)
    mutated = (MUTATIONS[below(random, MUTATIONS.length)] ?? flipBits)(mutated, random);
  return mutated;
}
