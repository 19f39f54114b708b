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
  return { output: diskStorage(folder), source: await openInputs(spec.source, cwd, [folder]) };
}
