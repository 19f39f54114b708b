import { CLI_EXIT } from '@winnow/core';
import type { CommandModule } from 'yargs';
import type { CliContext } from '../context.ts';
import { runCommandOf } from '../run-command.ts';
import { cancellationText } from '../run-text.ts';

/** `winnow cancel`: ends what works on a run, wherever it is. */
export const cancelCommand = (context: CliContext): CommandModule =>
  runCommandOf(context, {
    name: 'cancel',
    describe: 'End the workers and jobs of a run; its command again goes on with it',
    example: 'cancel ./out',
    work: (run, hooks) => context.operations.cancel(run, hooks),
    text: cancellationText,
    code: () => CLI_EXIT.ok,
  });
