import { CLI_EXIT, SAMPLED_INPUTS, SpecError } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import type { CliContext } from '../context.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, SPEC_OPTIONS, textFlag, type Flags } from '../options.ts';
import { schemaInspectionText } from '../schema-inspection.ts';
import { configOf } from '../spec-command.ts';
import { inspectAl3Command } from './inspect-al3.ts';
import { inspectDictionaryCommand } from './inspect-dictionary.ts';
import { inspectQuarantineCommand } from './inspect-quarantine.ts';

const MAX_SAMPLED_INPUTS = 10_000;

/** `winnow inspect <what>`: looks into a source or an output, and starts nothing. */
export const inspectCommand = (context: CliContext): CommandModule => ({
  command: 'inspect',
  describe: 'Look into a source: its schema; an output: what is in quarantine; or an AL3 file',
  builder: (yargs: Argv) =>
    yargs
      .command(inspectSchemaCommand(context))
      .command(inspectQuarantineCommand(context))
      .command(inspectDictionaryCommand(context))
      .command(inspectAl3Command(context)),
  handler: () => undefined,
});

const inspectSchemaCommand = (context: CliContext): CommandModule => ({
  command: 'schema [source]',
  describe: 'Print the schema of a source as YAML, with what a sample of it has, ready to edit for --schema',
  builder: (yargs: Argv) =>
    yargs
      .positional('source', { ...SPEC_OPTIONS.source, type: 'string' })
      .options({
        config: SPEC_OPTIONS.config,
        'records-path': SPEC_OPTIONS['records-path'],
        schema: {
          ...SPEC_OPTIONS.schema,
          describe: 'A schema to hold against the sample and print, YAML or JSON Schema',
        },
        sample: {
          type: 'string',
          requiresArg: true,
          group: 'What to do:',
          describe: `How many inputs are sampled at most, 1 to ${MAX_SAMPLED_INPUTS}`,
          defaultDescription: `${SAMPLED_INPUTS}, as a run does`,
        },
        ...EDGE_OPTIONS,
      })
      .example('$0 inspect schema ./in > schema.yaml', 'infer it, then edit it')
      .example('$0 inspect schema ./in --schema schema.yaml', 'what does not fit it'),
  handler: async (flags: Flags) => {
    const sampledInputs = sampleFlag(flags);
    const { spec, edge } = configOf(context, flags);
    const { logLevel } = edge;
    const inspection = await withObservers(context, { logLevel }, (hooks) =>
      context.operations.inspectSchema({ spec, sampledInputs }, hooks),
    );
    await context.print(
      flags['json'] === true ? JSON.stringify(inspection) : schemaInspectionText(inspection, spec.source),
    );
    context.exit(inspection.inputs.unreadable.length === 0 ? CLI_EXIT.ok : CLI_EXIT.incomplete);
  },
});

function sampleFlag(flags: Flags): number {
  const given = textFlag(flags, 'sample');
  if (given === undefined) return SAMPLED_INPUTS;
  const inputs = /^\d+$/.test(given) ? Number(given) : 0;
  if (inputs >= 1 && inputs <= MAX_SAMPLED_INPUTS) return inputs;
  throw new SpecError([
    { message: `--sample must be a whole number from 1 to ${MAX_SAMPLED_INPUTS}, got ${given}` },
  ]);
}
