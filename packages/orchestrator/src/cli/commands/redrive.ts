import { CLI_EXIT } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { reportText } from '../../report/text.ts';
import type { CliContext } from '../context.ts';
import { edgeOf, type Config } from '../../config/load.ts';
import { runLayer } from '../../config/run-layer.ts';
import { namedRun, RUN_PATH } from '../named-run.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, METRICS_OPTION, SPEC_OPTIONS, textFlag, type Flags } from '../options.ts';
import { configOf, withOutput } from '../spec-command.ts';

/** `winnow redrive`: does the quarantined records again. */
export const redriveCommand = (context: CliContext): CommandModule => ({
  command: 'redrive [path]',
  describe:
    'Do the quarantined records of an output again: mended ones, or all under a mended schema (layout mirror: their inputs, as a whole). Flags as for run; what none says is as in the latest run',
  builder: (yargs: Argv) =>
    yargs
      .positional('path', RUN_PATH)
      .options({ ...SPEC_OPTIONS, ...EDGE_OPTIONS, ...METRICS_OPTION })
      .option('with', {
        type: 'string',
        group: 'What to do:',
        describe:
          'Mended records: a line {"input", "offset", "raw"} for each, as inspect quarantine --json prints them',
      })
      .example('$0 redrive ./out --with mended.ndjson', 'records mended by hand')
      .example('$0 redrive ./out --max-record-bytes 100MiB', 'also what was too long')
      .example('$0 redrive --config job.yaml --schema mended.yaml', 'all of them under another schema'),
  handler: async (flags: Flags) => {
    const config = await configAfterRun(context, flags);
    const spec = withOutput(config.spec);
    const result = await withObservers(context, config.edge, (hooks) =>
      context.operations.redrive(spec, { ...hooks, mendedFile: textFlag(flags, 'with') }),
    );
    if (result.kind === 'nothing-to-do') {
      const { runId } = result;
      const nothing = { runId, state: 'nothing-to-do' };
      await context.print(
        flags['json'] === true
          ? JSON.stringify(nothing)
          : `nothing to redrive: no record is in quarantine up to run ${runId}`,
      );
      return;
    }
    await context.print(
      flags['json'] === true ? JSON.stringify(result.report) : reportText(result.report, spec.output),
    );
    context.exit(result.report.state === 'succeeded' ? CLI_EXIT.ok : CLI_EXIT.incomplete);
  },
});

/**
 * Where argument, flag or environment name the output, its latest run stands beneath all layers. Where only a config file
 * does, that says everything.
 */
async function configAfterRun(context: CliContext, flags: Flags): Promise<Config> {
  const { with: _, path, ...others } = flags;
  const named = path ?? edgeOf({ ...context, flags }).output;
  const isWritten = (flags['config'] ?? context.environment['WINNOW_CONFIG']) !== undefined;
  if (named === undefined && isWritten) return configOf(context, others);
  const { run, edge } = namedRun(context, flags);
  const { output } = run;
  const before = await withObservers(context, edge, (hooks) =>
    context.operations.latestPlanned(output, hooks),
  );
  return configOf(context, path === undefined ? others : { ...others, output }, runLayer(before));
}
