import { ConfigurationError } from '@winnow/core';
import type { ConfigSources } from './load.ts';

/** The text of a file that a field names. @throws ConfigurationError where it cannot be read */
export function readFile(path: string, what: string, readText: ConfigSources['readText']): string {
  try {
    return readText(path);
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : (cause as Error).message;
    throw new ConfigurationError(`the ${what} ${path} ${why}`, {
      cause,
      hint: 'give a path relative to the working directory',
    });
  }
}
