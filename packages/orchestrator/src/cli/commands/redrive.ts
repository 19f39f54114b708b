import { CLI_EXIT } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { reportText } from '../../report/text.ts';
import type { CliContext } from '../context.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, METRICS_OPTION, SPEC_OPTIONS, textFlag, type Flags } from '../options.ts';
import { configOf, withOutput } from '../spec-command.ts';

/** `winnow redrive`: does the quarantined records again. */
export const redriveCommand = (context: CliContext): CommandModule => ({
  command: 'redrive',
  describe:
    'Do the quarantined records again: mended ones, or all under a mended schema (--layout mirror: their inputs, as a whole); flags as for run',
  builder: (yargs: Argv) =>
    yargs
      .options({ ...SPEC_OPTIONS, ...EDGE_OPTIONS, ...METRICS_OPTION })
      .option('with', {
        type: 'string',
        group: 'What to do:',
        describe:
          'Mended records: a line {"input", "offset", "raw"} for each, as inspect quarantine --json prints them',
      })
      .example('$0 redrive --source ./in --output ./out --with mended.ndjson', 'records mended by hand')
      .example('$0 redrive --source ./in --output ./out --max-record-bytes 100MiB', 'also what was too long')
      .example('$0 redrive --config job.yaml --schema mended.yaml', 'all of them under another schema'),
  handler: async (flags: Flags) => {
    const { with: mendedFile, ...others } = flags;
    const config = configOf(context, others);
    const spec = withOutput(config.spec);
    const result = await withObservers(context, config.edge, (hooks) =>
      context.operations.redrive(spec, { ...hooks, mendedFile: textFlag({ with: mendedFile }, 'with') }),
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
