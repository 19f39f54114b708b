import { createReadStream } from 'node:fs';
import { posix } from 'node:path';
import { keyBytesOf } from '../storage/byte-names.ts';

export interface PathList {
  /** The deepest folder that holds all paths, as a byte string; '' is the root of all. */
  readonly root: string;
  /** Keys below the root as byte strings, sorted, each once. */
  readonly keys: readonly string[];
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

/** A copy of its own: a slice would keep the whole text that it was cut from in memory. */
const detached = (text: string): string => Buffer.from(text, 'latin1').toString('latin1');

/** The longest folder (with `/`) that both begin with. */
function commonFolder(a: string, b: string): string {
  let length = 0;
  const most = Math.min(a.length, b.length);
  while (length < most && a[length] === b[length]) length++;
  return a.slice(0, a.lastIndexOf('/', length - 1) + 1);
}

/**
 * Reads a list of paths, one a line, relative to the list's folder; blank lines and those that begin with `#` are
 * skipped. Nothing is looked up: a path may lead nowhere.
 */
export async function readPathList(path: string, folder: string): Promise<PathList> {
  const paths: string[] = [];
  let root: string | undefined;
  for await (const line of linesOf(path)) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const absolute = detached(keyBytesOf(posix.resolve(folder, line)));
    const above = absolute.slice(0, absolute.lastIndexOf('/') + 1);
    root = root === undefined ? above : commonFolder(root, above);
    paths.push(absolute);
  }
  if (root === undefined) return { root: '', keys: [], duplicates: 0 };
  const start = root.length;
  // All share the root: whole paths sort as their keys do.
  paths.sort();
  const keys = paths.filter((one, index) => one !== paths[index - 1]);
  const duplicates = paths.length - keys.length;
  for (const [index, one] of keys.entries()) keys[index] = detached(one.slice(start));
  return { root: root.slice(0, -1), keys, duplicates };
}
