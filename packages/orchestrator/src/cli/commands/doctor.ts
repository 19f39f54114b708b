import { CLI_EXIT } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { loadCheckup } from '../../config/load.ts';
import { findingLine } from '../../doctor/finding-text.ts';
import type { CliContext } from '../context.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, SPEC_OPTIONS, type Flags } from '../options.ts';

/** `winnow doctor`: whether a run with the same flags has what it needs. */
export const doctorCommand = (context: CliContext): CommandModule => ({
  command: 'doctor',
  describe:
    'Check what a run with the same flags would need: machine, source, output, queue, job definition, roles, quota, network, image',
  builder: (yargs: Argv) =>
    yargs
      .options({ ...SPEC_OPTIONS, ...EDGE_OPTIONS })
      .epilogue(
        'Whatever is named is looked at, each thing by itself; nothing is started, and nothing is left behind.\n' +
          'A line each: ok, warning, FAILED, or unknown with the permission that it takes. Exit code 1 where one FAILED.',
      )
      .example('$0 doctor --source ./in --output ./out', 'this machine')
      .example('$0 doctor --config job.yaml', 'what a config file names')
      .example(
        '$0 doctor --output s3://lake/out --backend aws-batch --queue spot --job-definition winnow',
        'bucket, queue, job definition with its roles and image, quota, network, and jobs that wait for a place',
      ),
  handler: async (flags: Flags) => {
    const { environment, readText } = context;
    const { spec, edge } = loadCheckup({ flags, environment, readText });
    const { logLevel } = edge;
    const json = flags['json'] === true;
    const summary = await withObservers(context, { logLevel }, (hooks) =>
      context.operations.doctor(
        { spec, onFinding: (found) => (json ? undefined : context.print(findingLine(found))) },
        hooks,
      ),
    );
    if (json) await context.print(JSON.stringify(summary));
    context.exit(summary.failed === 0 ? CLI_EXIT.ok : CLI_EXIT.incomplete);
  },
});
