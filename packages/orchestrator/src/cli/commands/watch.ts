import { CLI_EXIT } from '@winnow/core';
import type { CommandModule } from 'yargs';
import { reportText } from '../../report/text.ts';
import type { CliContext } from '../context.ts';
import { runCommandOf } from '../run-command.ts';

/** `winnow watch`: follows a run that goes on elsewhere, until it ends. */
export const watchCommand = (context: CliContext): CommandModule =>
  runCommandOf(context, {
    name: 'watch',
    describe: 'Follow a run until it ends; exits as run would',
    example: 'watch ./out',
    metrics: true,
    work: (run, hooks) => context.operations.watch(run, hooks),
    text: (report) => reportText(report),
    code: ({ state }) => (state === 'succeeded' ? CLI_EXIT.ok : CLI_EXIT.incomplete),
  });
