import { ConfigurationError } from '@winnow/core';

/** Stands where an operation is not built yet. */
export const notYet = (command: string) => (): Promise<never> =>
  Promise.reject(new ConfigurationError(`${command} comes in a later release`));
