import { CLI_EXIT } from '@winnow/core';
import type { CommandModule } from 'yargs';
import type { CliContext } from '../context.ts';
import { runCommandOf } from '../run-command.ts';
import { verificationText } from '../run-text.ts';

/** `winnow verify`: proves a run from its files alone. */
export const verifyCommand = (context: CliContext): CommandModule =>
  runCommandOf(context, {
    name: 'verify',
    describe: 'Prove from the files alone that a run is whole: sums, sizes, hashes',
    example: 'verify ./out',
    work: (run, hooks) => context.operations.verify(run, hooks),
    text: verificationText,
    code: ({ problems }) => (problems.length === 0 ? CLI_EXIT.ok : CLI_EXIT.incomplete),
  });
