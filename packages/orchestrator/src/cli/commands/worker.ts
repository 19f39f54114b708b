import type { Argv, CommandModule } from 'yargs';
import type { CliContext } from '../context.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, textFlag, type Flags } from '../options.ts';
import { edgeOf } from '../../config/load.ts';

/** `winnow worker`: what a container runs. It is told by its environment and answers with the worker's exit codes. */
export const workerCommand = (context: CliContext): CommandModule => ({
  command: 'worker',
  describe: 'Do shards as the environment tells (WINNOW_RUN, …): what containers run',
  builder: (yargs: Argv) => yargs.options({ 'log-level': EDGE_OPTIONS['log-level'] }),
  handler: async (flags: Flags) => {
    const { environment, readText } = context;
    const { logLevel } = edgeOf({
      flags: { 'log-level': textFlag(flags, 'log-level') },
      environment,
      readText,
    });
    context.exit(
      await withObservers(context, { logLevel }, (hooks) => context.operations.worker(environment, hooks)),
    );
  },
});
