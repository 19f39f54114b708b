import { CLI_EXIT, SpecError } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { countOf } from '../../report/figures.ts';
import type { CliContext } from '../context.ts';
import { logLineText } from '../log-line.ts';
import { namedRun, RUN_PATH } from '../named-run.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, RUN_OPTIONS, textFlag, type Flags } from '../options.ts';

/** `winnow logs`: what the attempts had to say. Lines go to stdout, what is missing to stderr. */
export const logsCommand = (context: CliContext): CommandModule => ({
  command: 'logs [path]',
  describe: 'Print what the workers of a run had to say',
  builder: (yargs: Argv) =>
    yargs
      .positional('path', RUN_PATH)
      .options({
        ...RUN_OPTIONS,
        shard: {
          type: 'string',
          requiresArg: true,
          group: 'What to do:',
          describe: 'Of this shard only',
          defaultDescription: 'all',
        },
        ...EDGE_OPTIONS,
      })
      .example('$0 logs ./out', 'all attempts at all shards')
      .example('$0 logs s3://bucket/out --shard 12', 'all attempts at one'),
  handler: async (flags: Flags) => {
    const { run, edge } = namedRun(context, flags);
    const json = flags['json'] === true;
    const { runId, attempts, silent, clearedAt } = await withObservers(context, edge, (hooks) =>
      context.operations.logs(
        {
          run,
          shard: shardOf(textFlag(flags, 'shard')),
          onLine: (line) => context.print(json ? JSON.stringify(line) : logLineText(line)),
        },
        hooks,
      ),
    );
    if (clearedAt !== undefined)
      context.screen.write(`winnow: winnow gc has removed the logs of run ${runId} on ${clearedAt}\n`);
    else if (attempts === 0) context.screen.write('winnow: no attempt has written anything down\n');
    if (silent > 0)
      context.screen.write(
        `winnow: of ${countOf(silent, 'attempt')} nothing is left: they were killed before they wrote their log, and no service has any of it\n`,
      );
    context.exit(CLI_EXIT.ok);
  },
});

function shardOf(text: string | undefined): number | undefined {
  if (text === undefined || /^\d{1,9}$/.test(text)) return text === undefined ? undefined : Number(text);
  throw new SpecError([{ message: `--shard must be a number from 0, got ${text}` }]);
}
