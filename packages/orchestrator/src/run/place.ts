import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import {
  ConfigurationError,
  absoluteRoot,
  isS3Uri,
  makeFolder,
  openSource,
  type OpenStorage,
  type Source,
  type Spec,
  type Storage,
} from '@winnow/core';

/** Where a run reads and writes. */
export interface Place {
  readonly output: Storage;
  readonly source: Source;
}

/** Where relative paths start, and what opens the places that they and URIs name. */
export interface Opening {
  readonly cwd: string;
  readonly openStorage: OpenStorage;
}

/** Opens what is to be read, without what lies in the output. */
export function openInputs(
  { source, output }: Pick<Spec, 'source' | 'output'>,
  opening: Opening,
): Promise<Source> {
  const exclude = output === undefined ? [] : [absoluteRoot(output, opening.cwd)];
  return openSource(source.startsWith('file://') ? fileURLToPath(source) : source, { ...opening, exclude });
}

/** Opens the output, and the source without what lies in the output. */
export async function openPlace(spec: Spec, opening: Opening): Promise<Place> {
  if (spec.output === undefined) {
    throw new ConfigurationError('no output is named', { hint: 'give --output FOLDER' });
  }
  const root = absoluteRoot(spec.output, opening.cwd);
  assertApart(spec.source, root, opening.cwd);
  const source = await openInputs(spec, opening);
  if (!isS3Uri(root)) await makeOutput(root);
  return { output: await opening.openStorage(root), source };
}

/** @throws ConfigurationError where the source is the output, whose root is given */
export function assertApart(source: string, root: string, cwd: string): void {
  if (absoluteRoot(source, cwd) !== root) return;
  throw new ConfigurationError(`--source and --output must be different folders, both are ${root}`, {
    hint: 'an output may lie inside the source: it is never read as an input',
  });
}

/** Before anything else is done: a run whose output cannot be written must not be planned. */
async function makeOutput(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
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
