import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  ConfigurationError,
  diskStorage,
  openSource,
  type Source,
  type Spec,
  type Storage,
} from '@winnow/core';

/** Where a run reads and writes. */
export interface Place {
  readonly output: Storage;
  readonly source: Source;
}

/** The folder that a path or file URI of the user names. */
export function folderOf(path: string, cwd: string): string {
  return path.startsWith('file://') ? fileURLToPath(path) : resolve(cwd, path);
}

/** Opens what is to be read, without the folders that are never inputs. */
export function openInputs(source: string, cwd: string, exclude: readonly string[]): Promise<Source> {
  return openSource(source.startsWith('file://') ? fileURLToPath(source) : source, { cwd, exclude });
}

/** Opens the output, and the source without what lies in the output. */
export async function openPlace(spec: Spec, cwd: string): Promise<Place> {
  if (spec.output === undefined) {
    throw new ConfigurationError('no output is named', { hint: 'give --output FOLDER' });
  }
  const folder = folderOf(spec.output, cwd);
  if (folderOf(spec.source, cwd) === folder) {
    throw new ConfigurationError(`--source and --output must be different folders, both are ${folder}`, {
      hint: 'an output may lie inside the source: it is never read as an input',
    });
  }
  const source = await openInputs(spec.source, cwd, [folder]);
  await makeOutput(folder);
  return { output: diskStorage(folder), source };
}

/** Before anything else is done: a run whose output cannot be written must not be planned. */
async function makeOutput(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await access(folder, constants.W_OK);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    const what = code === 'EEXIST' || code === 'ENOTDIR' ? 'is no folder' : `cannot be written to (${code})`;
    throw new ConfigurationError(`--output must be a folder that can be written to, ${folder} ${what}`, {
      cause: error,
      hint: 'choose another folder, or mend its permissions',
    });
  }
}
