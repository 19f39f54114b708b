import { WINNOW_FOLDER, SUCCESS_KEY } from '../run-keys.ts';
import type { RefusalReason } from '../shapes/refusal.ts';
import { NameFlags } from './name-flags.ts';

/** What the end of a name tells of compression and of the form of records: replaced in the name of an output. */
export const COMPRESSION_EXTENSIONS = ['gz', 'gzip', 'bgz', 'bgzf', 'zst', 'zstd'] as const;
export const RECORD_EXTENSIONS = ['ndjson', 'jsonl', 'json', 'csv', 'tsv', 'txt', 'al3'] as const;

/** What a name in a folder may have (NAME_MAX of Linux, macOS and Windows), and what a key may have (S3). */
const MAX_SEGMENT_BYTES = 255;
const MAX_KEY_BYTES = 1024;

const COMPRESSION = new RegExp(`(?<=[^/])\\.(?:${COMPRESSION_EXTENSIONS.join('|')})$`, 'i');
const RECORDS = new RegExp(`(?<=[^/])\\.(?:${RECORD_EXTENSIONS.join('|')})$`, 'i');

/** The two names that the output of an input may have, relative to the output as the input's key is to the source. */
export interface OutputNames {
  /** `a/b.ndjson.gz` → `a/b.parquet`: one extension of each kind is left out, never a whole name. */
  readonly short: string;
  /** `a/b.ndjson.gz` → `a/b.ndjson.gz.parquet`. */
  readonly full: string;
}

export const outputNames = (key: string, extension: string): OutputNames => ({
  short: `${key.replace(COMPRESSION, '').replace(RECORDS, '')}.${extension}`,
  full: `${key}.${extension}`,
});

/**
 * Equal for names that some file system takes for one: those of macOS and Windows know no case, that of macOS no
 * difference between composed and decomposed characters. It may well be equal for more: these only get longer names.
 */
export const folded = (name: string): string => name.normalize('NFC').toUpperCase().toLowerCase();

/** A segment that stands first in keys of our own. */
const OWN_SEGMENTS = new Set([WINNOW_FOLDER, SUCCESS_KEY].map(folded));

const isOwn = (key: string): boolean => OWN_SEGMENTS.has(folded(key.split('/', 1)[0] ?? ''));

const isTooLong = (name: string): boolean =>
  Buffer.byteLength(name) > MAX_KEY_BYTES ||
  name.split('/').some((segment) => Buffer.byteLength(segment) > MAX_SEGMENT_BYTES);

/** The folders above a key, the deepest first. */
function* foldersOf(key: string): Generator<string> {
  for (let at = key.lastIndexOf('/'); at > 0; at = key.lastIndexOf('/', at - 1)) yield key.slice(0, at);
}

/** What is known of a name. */
const WANTED = 1;
const WANTED_AGAIN = 2;
const KEPT = 4;
const FOLDER = 8;
/** By the folded name: there is such an output that is to be replaced. */
const REPLACED = 16;
/** By the name itself, with {@link EXACT} behind it: it is that one. */
const REPLACED_EXACTLY = 32;
/** No name has it. */
const EXACT = '\0';

/**
 * Gives each input of a generation the name of its output in the layout `mirror`:
 *
 * | its short name is                                                              | it gets              |
 * |--------------------------------------------------------------------------------|----------------------|
 * | a name of no other input, neither short nor full; of no folder, no earlier output | the short one     |
 * | anything else                                                                  | the full one         |
 *
 * and refuses it where the full name is that of an earlier output or a folder, one of its folders is an earlier output,
 * the name is one of Winnow's own, or too long. So all that clash get their full names, whatever the order, and what
 * an input gets does not depend on what another one got. Names are told apart by {@link folded}.
 *
 * A generation that replaces all that was before names its inputs as if there were nothing: outputs that it is to `replace`
 * lend their names to whoever wants them. They only stand in the way of names that some file system takes for the same, or
 * that have a folder where they have an object, and the other way round: both are there until the end of the run.
 *
 * `keep` each output of an earlier generation and `want` each new input, then ask for names. Memory: some 20 bytes a
 * name, for it knows hashes of names only ({@link NameFlags}): two whose hashes are the same count as a clash.
 */
export class OutputNaming {
  readonly #extension: string;
  readonly #flags = new NameFlags();
  #folder = '';

  constructor(extension: string) {
    this.#extension = extension;
  }

  /** The output of an input of an earlier generation: it keeps its name, whoever comes. */
  keep(output: string): void {
    this.#flags.add(folded(output), KEPT);
    this.#addFolders(output);
  }

  /** An output of an earlier generation that is replaced by one of the same name, or goes at the end of the run. */
  replace(output: string): void {
    this.#flags.add(folded(output), REPLACED);
    this.#flags.add(output + EXACT, REPLACED_EXACTLY);
    this.#addFolders(output);
  }

  /** An input that is to get a name. */
  want(key: string): void {
    const { short, full } = outputNames(key, this.#extension);
    for (const name of new Set([folded(short), folded(full)]))
      this.#flags.add(name, (this.#flags.of(name) & WANTED) === 0 ? WANTED : WANTED_AGAIN);
    this.#addFolders(key);
  }

  name(key: string): { readonly output: string } | { readonly refuse: RefusalReason } {
    const { short, full } = outputNames(key, this.#extension);
    const isFree = (this.#flags.of(folded(short)) & ~REPLACED) === WANTED && !this.#isTaken(short);
    const output = isFree ? short : full;
    if (isOwn(output) || this.#isTaken(output)) return { refuse: 'name-taken' };
    return isTooLong(output) ? { refuse: 'name-too-long' } : { output };
  }

  #isTaken(output: string): boolean {
    const name = folded(output);
    const flags = this.#flags.of(name);
    if ((flags & (KEPT | FOLDER)) !== 0) return true;
    if ((flags & REPLACED) !== 0 && this.#flags.of(output + EXACT) === 0) return true;
    return [...foldersOf(name)].some((folder) => (this.#flags.of(folder) & (KEPT | REPLACED)) !== 0);
  }

  #addFolders(key: string): void {
    const [folder = ''] = foldersOf(key);
    // Inputs come in the order of their keys: most lie where the one before lies.
    if (folder === this.#folder) return;
    this.#folder = folder;
    for (const above of foldersOf(folded(key))) this.#flags.add(above, FOLDER);
  }
}
