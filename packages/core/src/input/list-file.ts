import { createReadStream } from 'node:fs';
import { dirname, posix, resolve } from 'node:path';
import { ConfigurationError } from '../errors.ts';
import { bytePath, keyBytesOf } from '../storage/byte-names.ts';
import type { OpenStorage } from '../storage/open-storage.ts';
import { statPath } from '../storage/disk-stat.ts';
import { isS3Uri, parseS3Uri, s3UriOf } from '../storage/s3/s3-uri.ts';

/** A text that names paths, and what relative ones are relative to (ending in `/`). Both are byte strings. */
export interface ListFile {
  readonly path: string;
  readonly folder: string;
  /** Its bytes as latin1, as often as they are asked for. */
  read(): AsyncIterable<string>;
}

/** @throws ConfigurationError where there is no such file or object */
export async function openListFile(
  list: string,
  { cwd, openStorage }: { readonly cwd: string; readonly openStorage: OpenStorage },
): Promise<ListFile> {
  if (isS3Uri(list)) return openListObject(list, openStorage);
  const path = resolve(cwd, list);
  if ((await statPath(bytePath(path)))?.isFile() !== true) throw noList(list, path);
  return {
    path,
    folder: `${bytePath(dirname(path))}/`,
    read: () => createReadStream(path, { encoding: 'latin1' }) as AsyncIterable<string>,
  };
}

async function openListObject(list: string, openStorage: OpenStorage): Promise<ListFile> {
  const { bucket, path } = parseS3Uri(list);
  const prefix = path.slice(0, path.lastIndexOf('/') + 1);
  const key = path.slice(prefix.length);
  const storage = await openStorage(s3UriOf({ bucket, prefix }));
  if (key === '' || (await storage.stat(key)) === undefined) throw noList(list, list);
  return {
    path: list,
    folder: bytePath(`s3://${bucket}/${prefix}`),
    read: async function* () {
      for await (const chunk of storage.read(key)) yield Buffer.from(chunk).toString('latin1');
    },
  };
}

const noList = (list: string, path: string): ConfigurationError =>
  new ConfigurationError(`--source @${list} must name a file with a path a line, ${path} is none`, {
    hint: 'check the path; for a source whose name begins with @ write ./@name',
  });

/** The lines as byte strings, without their `\n` or `\r\n`; blank ones and those that begin with `#` left out. */
async function* linesOf(list: ListFile): AsyncGenerator<string> {
  let rest = '';
  for await (const text of list.read()) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (isNamed(line)) yield withoutReturn(line);
  }
  if (isNamed(rest)) yield withoutReturn(rest);
}

const isNamed = (line: string): boolean => line.trim() !== '' && !line.startsWith('#');
const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);

/**
 * What a list names: absolute paths as byte strings with their names as keys have them, or whole S3 URIs.
 *
 * @throws ConfigurationError where the lines lead to more than one place: one run reads from one
 */
export async function* listedPaths(list: ListFile): AsyncGenerator<string> {
  let place: string | undefined;
  for await (const line of linesOf(list)) {
    const path = pathOf(line, list.folder);
    const found = isS3Uri(path) ? `s3://${parseS3Uri(path).bucket}` : 'this machine';
    place ??= found;
    if (found !== place)
      throw new ConfigurationError(
        `${list.path} must name inputs of one place: ${line} is in ${found}, what stands before it in ${place}`,
        {
          hint: 'make a run of each',
        },
      );
    yield path;
  }
}

function pathOf(line: string, folder: string): string {
  if (isS3Uri(line)) return line;
  // Keys are no paths: `..` in one is a name like any other.
  return isS3Uri(folder) ? folder + line : keyBytesOf(posix.resolve(folder, line));
}
