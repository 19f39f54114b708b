import { CLI_EXIT, ConfigurationError, SpecError, WinnowError } from '@winnow/core';

/** Thrown for a command line that cannot be understood. */
export class UsageError extends ConfigurationError {}

const asLine = (message: string, hint: string | undefined): string =>
  `winnow: ${[message, hint].filter((text) => text !== undefined && text !== '').join(': ')}`.replace(
    /\s*\n\s*/g,
    ' ',
  );

/** What people are told: a line for each thing that is wrong, and the stack traces only for `debug`. */
export function failureLines(error: unknown, debug: boolean): string[] {
  if (error instanceof SpecError) return error.problems.map(({ message, hint }) => asLine(message, hint));
  const stack = debug ? stackLines(error) : [];
  if (error instanceof WinnowError) return [asLine(error.message, error.hint), ...stack];
  const message = error instanceof Error ? error.message : String(error);
  return [asLine(message, debug ? undefined : '--log-level debug shows where this comes from'), ...stack];
}

function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  return [...(error.stack ?? '').split('\n'), ...(error.cause === undefined ? [] : stackLines(error.cause))];
}

export const failureCode = (error: unknown): number =>
  error instanceof ConfigurationError ? CLI_EXIT.usage : CLI_EXIT.incomplete;
