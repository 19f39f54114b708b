import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { keyBytesOf } from '../storage/byte-names.ts';
import { SortedNames } from '../storage/sorted-names.ts';

export interface PathList {
  /** The deepest folder that holds all paths, as a byte string; '' is the root of all. */
  readonly root: string;
  /** Keys below the root as byte strings, sorted, each once. */
  readonly keys: Iterable<string>;
  /** Lines that named what another line had named. */
  readonly duplicates: number;
}

/** The lines of a text file as byte strings, without their `\n` or `\r\n`. */
async function* linesOf(path: string): AsyncGenerator<string> {
  let rest = '';
  for await (const text of createReadStream(path, { encoding: 'latin1' }) as AsyncIterable<string>) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest.endsWith('\r') ? rest.slice(0, -1) : rest;
}

/** The longest folder (with `/`) that both begin with. */
function commonFolder(a: string, b: string): string {
  let length = 0;
  const most = Math.min(a.length, b.length);
  while (length < most && a[length] === b[length]) length++;
  return a.slice(0, a.lastIndexOf('/', length - 1) + 1);
}

/** The paths that a list names, as absolute byte strings with their names as keys have them. */
async function* pathsOf(list: string, folder: string): AsyncGenerator<string> {
  for await (const line of linesOf(list)) {
    if (line.trim() !== '' && !line.startsWith('#')) yield keyBytesOf(posix.resolve(folder, line));
  }
}

/**
 * Reads a list of paths, one a line, relative to the list's folder; blank lines and those that begin with `#` are
 * skipped. Nothing is looked up: a path may lead nowhere. The file is read twice, so that only the short keys are
 * ever held, packed: the folder that all share is known once all were seen.
 */
export async function readPathList(list: string, folder: string): Promise<PathList> {
  let root: string | undefined;
  for await (const path of pathsOf(list, folder)) {
    const above = path.slice(0, path.lastIndexOf('/') + 1);
    root = root === undefined ? above : commonFolder(root, above);
  }
  if (root === undefined) return { root: '', keys: [], duplicates: 0 };
  // A line has no line feed; any other character it may have, where it leads nowhere.
  const sorted = new SortedNames({ separator: '\n' });
  let lines = 0;
  for await (const path of pathsOf(list, folder)) {
    sorted.add(path.slice(root.length));
    lines++;
  }
  const keys = { [Symbol.iterator]: () => unique(sorted) };
  let kept = 0;
  for (const _ of keys) kept++;
  return { root: root.slice(0, -1), keys, duplicates: lines - kept };
}

function* unique(sorted: Iterable<string>): Generator<string> {
  let last: string | undefined;
  for (const key of sorted) {
    if (key !== last) yield key;
    last = key;
  }
}
