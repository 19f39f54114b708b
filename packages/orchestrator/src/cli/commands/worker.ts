import { CLI_EXIT, SpecError } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { edgeOf } from '../../config/load.ts';
import { reportText } from '../../report/text.ts';
import type { CliContext } from '../context.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, METRICS_OPTION, textFlag, type Flags } from '../options.ts';
import { runReference } from '../run-reference.ts';

/** `winnow worker --pull`: takes shards of a run that others take shards of too. */
export const workerCommand = (context: CliContext): CommandModule => ({
  command: 'worker',
  describe: 'Take shards of a run, with any number of others anywhere, until none is left',
  builder: (yargs: Argv) =>
    yargs
      .options({
        pull: {
          type: 'string',
          requiresArg: true,
          demandOption: true,
          group: 'What to do:',
          describe:
            'Run directory, as winnow run --backend pull prints it; or an output: every run in it, one after the other',
        },
        concurrency: {
          type: 'string',
          requiresArg: true,
          group: 'What to do:',
          describe: 'Processes at once',
          defaultDescription: 'as many as cores and free memory allow',
        },
        ...EDGE_OPTIONS,
        ...METRICS_OPTION,
      })
      .example('$0 worker --pull s3://lake/out/_winnow/0000-89abcdef', 'until this run is done')
      .example('$0 worker --pull s3://lake/out', 'stays, and serves every run of this output'),
  handler: async (flags: Flags) => {
    const concurrency = concurrencyFlag(flags);
    const { output: _, ...edge } = edgeOf({
      flags: { ...flags, pull: undefined, concurrency: undefined },
      environment: context.environment,
      readText: context.readText,
    });
    const run = runReference(textFlag(flags, 'pull'), undefined);
    const report = await withObservers(context, edge, (hooks) =>
      context.operations.pull({ run, concurrency }, hooks),
    );
    await context.print(flags['json'] === true ? JSON.stringify(report) : reportText(report, run.output));
    context.exit(report.state === 'succeeded' ? CLI_EXIT.ok : CLI_EXIT.incomplete);
  },
});

function concurrencyFlag(flags: Flags): number | undefined {
  const given = textFlag(flags, 'concurrency');
  if (given === undefined) return undefined;
  const concurrency = /^\d{1,4}$/.test(given) ? Number(given) : NaN;
  if (concurrency >= 1 && concurrency <= 1024) return concurrency;
  throw new SpecError([{ message: `--concurrency must be a whole number from 1 to 1024, got ${given}` }]);
}
