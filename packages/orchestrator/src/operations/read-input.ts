import { ConfigurationError, decode, WinnowError, type PlannedInput } from '@winnow/core';
import { openInputs, type Opening } from '../run/place.ts';
import type { Hooks, ReadInputRequest } from './operations.ts';

/** Any window that the format allows: somebody looks at one file. */
const ANY_WINDOW = 2 ** 31;

/**
 * Reads one input to its end, decoded.
 *
 * @throws ConfigurationError where the source is not one input
 */
export async function readInput(
  { source, read }: ReadInputRequest,
  opening: Opening,
  { signal }: Pick<Hooks, 'signal'>,
): Promise<void> {
  const opened = await openInputs({ source }, opening);
  const { storage, description } = opened;
  let only: PlannedInput | undefined;
  for await (const input of opened.list()) {
    if (only)
      throw new ConfigurationError(`${description}: there is more than one file to inspect`, {
        hint: `name one of them, such as ${only.key}`,
      });
    only = input;
  }
  if (!only) throw new ConfigurationError(`${description}: there is no file to inspect`);
  const { key, pin, refuse } = only;
  if (refuse !== undefined) throw new WinnowError(`${key} cannot be read: ${refuse}`);
  const decoded = decode(storage.read(key, { pin }), { maxWindowBytes: ANY_WINDOW });
  await read(bytesOf(decoded, signal));
}

async function* bytesOf(
  decoded: AsyncIterable<{ readonly bytes: Uint8Array }>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const { bytes } of decoded) {
    signal.throwIfAborted();
    yield bytes;
  }
}
