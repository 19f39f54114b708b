import { CLI_EXIT } from '@winnow/core';
import type { CommandModule } from 'yargs';
import type { CliContext } from '../context.ts';
import { runCommandOf } from '../run-command.ts';
import { statusText } from '../run-text.ts';

/** `winnow status`: where a run stands, now. */
export const statusCommand = (context: CliContext): CommandModule =>
  runCommandOf(context, {
    name: 'status',
    describe: 'Tell where a run stands',
    example: 'status ./out',
    work: (run, hooks) => context.operations.status(run, hooks),
    text: statusText,
    code: () => CLI_EXIT.ok,
  });
