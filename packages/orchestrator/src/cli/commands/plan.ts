import type { Argv, CommandModule } from 'yargs';
import type { CliContext } from '../context.ts';
import { EDGE_OPTIONS, RESUME_OPTION, SPEC_OPTIONS, type Flags } from '../options.ts';
import { configOf, printPlan } from '../spec-command.ts';

/** `winnow plan`: what `run` would do. The same as `run --dry-run`. */
export const planCommand = (context: CliContext): CommandModule => ({
  command: 'plan',
  describe: 'Show what run would do, file by file, and write nothing',
  builder: (yargs: Argv) =>
    yargs
      .options({ ...SPEC_OPTIONS, ...RESUME_OPTION, ...EDGE_OPTIONS })
      .example('$0 plan --source ./in', 'inputs, units, columns')
      .example('$0 plan --source ./in --json', 'the summary for machines'),
  handler: (flags: Flags) => printPlan(context, configOf(context, flags), flags['json'] === true),
});
