import { SortedNames } from '../storage/sorted-names.ts';
import { listedPaths, type ListFile } from './list-file.ts';

export interface PathList {
  /** The deepest folder that holds all paths, as a byte string that ends in `/`; undefined where there are none. */
  readonly root: string | undefined;
  /** Keys below the root as byte strings, sorted, each once. */
  readonly keys: Iterable<string>;
  /** Lines that named what another line had named. */
  readonly duplicates: number;
}

/** The longest folder (with `/`) that both begin with. */
function commonFolder(a: string, b: string): string {
  let length = 0;
  const most = Math.min(a.length, b.length);
  while (length < most && a[length] === b[length]) length++;
  return a.slice(0, a.lastIndexOf('/', length - 1) + 1);
}

/**
 * Reads a list of paths, one a line. Nothing is looked up: a path may lead nowhere. The list is read twice, so that only
 * the short keys are ever held, packed: the folder that all share is known once all were seen.
 */
export async function readPathList(list: ListFile): Promise<PathList> {
  let root: string | undefined;
  for await (const path of listedPaths(list)) {
    const above = path.slice(0, path.lastIndexOf('/') + 1);
    root = root === undefined ? above : commonFolder(root, above);
  }
  if (root === undefined) return { root, keys: [], duplicates: 0 };
  // A line has no line feed; any other character it may have, where it leads nowhere.
  const sorted = new SortedNames({ separator: '\n' });
  let lines = 0;
  for await (const path of listedPaths(list)) {
    sorted.add(path.slice(root.length));
    lines++;
  }
  const keys = { [Symbol.iterator]: () => unique(sorted) };
  let kept = 0;
  for (const _ of keys) kept++;
  return { root, keys, duplicates: lines - kept };
}

function* unique(sorted: Iterable<string>): Generator<string> {
  let last: string | undefined;
  for (const key of sorted) {
    if (key !== last) yield key;
    last = key;
  }
}
