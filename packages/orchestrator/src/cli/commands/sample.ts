import type { Argv, CommandModule } from 'yargs';
import { bytesText, countOf } from '../../report/figures.ts';
import { SAMPLE_COMPRESSIONS, SAMPLE_DEFAULTS, parseSampleRequest } from '../../sample/request.ts';
import type { CliContext } from '../context.ts';
import { withObservers } from '../observers.ts';
import { EDGE_OPTIONS, type Flags } from '../options.ts';
import { edgeOf } from '../../config/load.ts';

const text = (describe: string, shown?: string | number) =>
  ({
    type: 'string',
    requiresArg: true,
    describe,
    ...(shown === undefined ? {} : { defaultDescription: String(shown) }),
  }) as const;

/** `winnow sample`: makes an archive to try things on, with faults that are known to the last one. */
export const sampleCommand = (context: CliContext): CommandModule => ({
  command: 'sample <kind>',
  describe: 'Make an archive to try Winnow on, with faults that are known exactly',
  builder: (yargs: Argv) =>
    yargs
      .positional('kind', { type: 'string', describe: 'ndjson', demandOption: true })
      .options({
        output: text('Folder to make; it must be empty or not there'),
        files: text('How many files', SAMPLE_DEFAULTS.files),
        records: text('How many good records in all', SAMPLE_DEFAULTS.records),
        bad: text('How many bad lines in all', SAMPLE_DEFAULTS.bad),
        drift: { type: 'boolean', describe: 'Plant keys and types that drift' },
        compression: text(`${SAMPLE_COMPRESSIONS.join(', ')} (each in turn)`, SAMPLE_DEFAULTS.compression),
        seed: text('The same seed gives the same bytes', SAMPLE_DEFAULTS.seed),
        ...EDGE_OPTIONS,
      })
      .epilogue(
        'Beside the folder: <output>.manifest.json with all counts and places, <output>.schema.yaml for --schema.',
      )
      .example('$0 sample ndjson --output ./in --files 12 --bad 9 --drift', ''),
  handler: async (flags: Flags) => {
    const request = parseSampleRequest(flags);
    const edge = edgeOf({ flags, environment: context.environment, readText: context.readText });
    const { logLevel } = edge;
    const manifest = await withObservers(context, { logLevel }, (hooks) =>
      context.operations.sample(request, hooks),
    );
    if (flags['json'] === true) return context.print(JSON.stringify(manifest));
    const { files, records, bytes } = manifest;
    await context.print(
      `${request.output}: ${countOf(files, 'file')}, ${bytesText(bytes.stored)} (${bytesText(bytes.decoded)} decoded), ` +
        `${countOf(records.good, 'good record')}, ${countOf(records.bad, 'bad line')}\n` +
        `${request.output}.manifest.json: what is in it, exactly\n${request.output}.schema.yaml: its columns, for --schema`,
    );
  },
});
