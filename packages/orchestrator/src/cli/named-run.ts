import { edgeOf } from '../config/load.ts';
import type { RunReference } from '../operations/operations.ts';
import type { CliContext } from './context.ts';
import { textFlag, type Flags } from './options.ts';
import { runReference } from './run-reference.ts';

/** The argument of a command over a run that was started before. */
export const RUN_PATH = {
  type: 'string',
  describe: 'Output folder or s3:// URI, or a run directory in it',
} as const;

/** Which run such a command is about, and what else it is told. */
export function namedRun(
  { environment, readText }: Pick<CliContext, 'environment' | 'readText'>,
  flags: Flags,
): { readonly run: RunReference; readonly edge: Omit<ReturnType<typeof edgeOf>, 'output'> } {
  const { output, ...edge } = edgeOf({ flags, environment, readText });
  return { run: runReference(textFlag(flags, 'path') ?? output, textFlag(flags, 'run')), edge };
}
