import type { Kernel } from './kernel.ts';

/** JSON's types. Their numbers are shared with `jsonType` in `assembly/ndjson/kinds.ts`. */
export const JSON_TYPES = ['null', 'boolean', 'number', 'string', 'object', 'array'] as const;
export type JsonType = (typeof JSON_TYPES)[number];

/** How many records had a key that is unknown, or whose value does not fit its column. */
export interface DriftCount {
  /** Escapes resolved. */
  readonly key: string;
  /** JSON types of the values, sorted. */
  readonly types: string[];
  readonly records: number;
}

/** All keys beyond the first 4,096 distinct ones are counted under this one. */
export const OTHER_KEYS = '*';
const MAX_COUNTED_KEYS = 4096;
const ENTRY_WORDS = 8;

interface Entry {
  key: Buffer;
  types: number;
  records: number;
}

function typeNames(bits: number): string[] {
  return JSON_TYPES.filter((_, index) => (bits >> index) & 1).sort();
}

/** The counts at `pointer`, sorted by the keys' UTF-8 bytes. Layout: `assembly/ndjson/drift-counts.ts`. */
export function readDriftCounts(kernel: Kernel, pointer: number): DriftCount[] {
  const { buffer } = kernel.exports.memory;
  const [count = 0, start = 0] = new Uint32Array(buffer, pointer, 2);
  const words = new Uint32Array(buffer, start, (MAX_COUNTED_KEYS + 1) * ENTRY_WORDS);
  const entryAt = (index: number): Entry => {
    const [, , key = 0, keyLength = 0, types = 0, records = 0] = words.subarray(index * ENTRY_WORDS);
    return { key: Buffer.from(buffer, key, keyLength), types, records };
  };
  const entries = Array.from({ length: count }, (_, index) => entryAt(index));
  const others = entryAt(MAX_COUNTED_KEYS);
  if (others.records > 0) addOthers(entries, others);
  entries.sort((a, b) => Buffer.compare(a.key, b.key));
  return entries.map(({ key, types, records }) => ({
    key: key.toString(),
    types: typeNames(types),
    records,
  }));
}

/** A key that is itself called `*` shares its entry with the others. */
function addOthers(entries: Entry[], others: Entry): void {
  const key = Buffer.from(OTHER_KEYS);
  const same = entries.find((entry) => entry.key.equals(key));
  if (same === undefined) entries.push({ ...others, key });
  else {
    same.types |= others.types;
    same.records += others.records;
  }
}
