import type { Argv, CommandModule } from 'yargs';
import type { CliContext } from './context.ts';
import { namedRun, RUN_PATH } from './named-run.ts';
import { withObservers } from './observers.ts';
import type { Hooks, RunReference } from '../operations/operations.ts';
import { EDGE_OPTIONS, METRICS_OPTION, RUN_OPTIONS, type Flags } from './options.ts';

/** What differs between the commands that look at a run: its name, its work, its looks and its exit code. */
interface Look<T> {
  readonly name: string;
  readonly describe: string;
  readonly example: string;
  readonly metrics?: boolean;
  work(run: RunReference, hooks: Hooks): Promise<T>;
  text(result: T): string;
  code(result: T): number;
}

/** A command `winnow <name> [output]` over a run that was started before. */
export function runCommandOf<T>(context: CliContext, look: Look<T>): CommandModule {
  return {
    command: `${look.name} [path]`,
    describe: look.describe,
    builder: (yargs: Argv) =>
      yargs
        .positional('path', RUN_PATH)
        .options({ ...RUN_OPTIONS, ...EDGE_OPTIONS, ...(look.metrics === true ? METRICS_OPTION : {}) })
        .example(`$0 ${look.example}`, ''),
    handler: async (flags: Flags) => {
      const { run, edge } = namedRun(context, flags);
      const result = await withObservers(context, edge, (hooks) => look.work(run, hooks));
      await context.print(flags['json'] === true ? JSON.stringify(result) : look.text(result));
      context.exit(look.code(result));
    },
  };
}
