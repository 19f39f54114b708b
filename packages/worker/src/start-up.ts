import { assertGolden, ConfigurationError } from '@winnow/core';
import { selfTestReader, type Kernel } from '@winnow/kernel';

/**
 * Proves once a process, before its first unit, that this machine and build read exactly and write the bytes of their
 * engine.
 *
 * @throws ConfigurationError where they do not.
 */
export async function checkStartUp(kernel: Kernel): Promise<void> {
  try {
    selfTestReader(kernel);
  } catch (error) {
    throw new ConfigurationError(error instanceof Error ? error.message : String(error), {
      cause: error,
      hint: 'this machine or build cannot be trusted: use another',
    });
  }
  await assertGolden(kernel);
}
