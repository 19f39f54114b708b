import { ConfigurationError } from '@winnow/core';
import { mkdir, readdir } from 'node:fs/promises';

/** Makes the folder of an archive. @throws ConfigurationError where it has something in it */
export async function assertEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [found] = await readdir(folder);
  if (found === undefined) return;
  throw new ConfigurationError(`the folder ${folder} is not empty (it has ${found})`, {
    hint: 'give an empty folder, or one that is not there',
  });
}
