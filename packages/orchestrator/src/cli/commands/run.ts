import { CLI_EXIT } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { reportText } from '../../report/text.ts';
import { intentionOf } from '../../config/edge.ts';
import type { CliContext } from '../context.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, METRICS_OPTION, RESUME_OPTION, SPEC_OPTIONS, type Flags } from '../options.ts';
import { configOf, printPlan, withOutput } from '../spec-command.ts';

function nothingToDoText(runId: string, changed: readonly string[]): string {
  const head = `nothing to do: run ${runId} has done all inputs`;
  if (changed.length === 0) return head;
  return [
    `${head}, but ${changed.length} of them changed since; what was written of them stays:`,
    ...changed.map((input) => `  ${input}`),
    'To do all inputs anew and replace the output: --resume=false.',
  ].join('\n');
}

/** `winnow run`: plan, submit, watch, report. */
export const runCommand = (context: CliContext): CommandModule => ({
  command: 'run',
  describe:
    'Turn a source into Parquet, NDJSON, JSON or CSV; the same command again goes on or adds what is new',
  builder: (yargs: Argv) =>
    yargs
      .options({ ...SPEC_OPTIONS, ...RESUME_OPTION, ...EDGE_OPTIONS, ...METRICS_OPTION })
      .option('dry-run', {
        type: 'boolean',
        group: 'What to do:',
        describe: 'Show what would be done, file by file; no output needed',
      })
      .example('$0 run --source ./in --output ./out', 'every file below ./in')
      .example(
        "$0 run --source 'logs/**/*.ndjson.gz' --output ./out --concurrency 2",
        'a glob, two processes',
      )
      .example('$0 run --config job.yaml --max-quarantined 1%', 'a file; flags beat it')
      .example('$0 run --source ./in --dry-run', 'what would be done')
      .example(
        '$0 run --source s3://lake/in --output s3://lake/out --backend aws-batch --queue spot --job-definition winnow',
        'array jobs on AWS Batch',
      ),
  handler: async (flags: Flags) => {
    const config = configOf(context, flags);
    const json = flags['json'] === true;
    if (flags['dry-run'] === true) return printPlan(context, config, json);
    const spec = withOutput(config.spec);
    const result = await withObservers(context, config.edge, (hooks) =>
      context.operations.run(spec, { ...hooks, intention: intentionOf(config.edge) }),
    );
    if (result.kind === 'nothing-to-do') {
      const { runId, changed } = result;
      await context.print(
        json ? JSON.stringify({ runId, state: 'nothing-to-do', changed }) : nothingToDoText(runId, changed),
      );
      context.exit(changed.length === 0 ? CLI_EXIT.ok : CLI_EXIT.incomplete);
      return;
    }
    await context.print(json ? JSON.stringify(result.report) : reportText(result.report, spec.output));
    context.exit(result.report.state === 'succeeded' ? CLI_EXIT.ok : CLI_EXIT.incomplete);
  },
});
