import { CLI_EXIT } from '@winnow/core';
import type { CommandModule } from 'yargs';
import { reportText } from '../../report/text.ts';
import type { CliContext } from '../context.ts';
import { runCommandOf } from '../run-command.ts';

/** `winnow report`: the report of a run that ended. Printing it is a success, whatever it says. */
export const reportCommand = (context: CliContext): CommandModule =>
  runCommandOf(context, {
    name: 'report',
    describe: 'Print the report of a run',
    example: 'report ./out --json',
    work: (run, hooks) => context.operations.report(run, hooks),
    text: (report) => reportText(report),
    code: () => CLI_EXIT.ok,
  });
