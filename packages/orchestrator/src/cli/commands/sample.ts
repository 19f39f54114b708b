import type { Argv, CommandModule } from 'yargs';
import { bytesText, countOf } from '../../report/figures.ts';
import { AL3_FAULTS } from '../../sample/al3/fault.ts';
import { AL3_SAMPLE_DEFAULTS, parseAl3SampleRequest } from '../../sample/al3/request.ts';
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
      .positional('kind', { type: 'string', describe: 'ndjson or al3', demandOption: true })
      .options({
        output: text('Folder to make; it must be empty or not there'),
        files: text('How many files', SAMPLE_DEFAULTS.files),
        records: text('ndjson: how many good records in all', SAMPLE_DEFAULTS.records),
        bad: text('ndjson: how many bad lines in all', SAMPLE_DEFAULTS.bad),
        drift: { type: 'boolean', describe: 'ndjson: plant keys and types that drift' },
        compression: text(
          `ndjson: ${SAMPLE_COMPRESSIONS.join(', ')} (each in turn)`,
          SAMPLE_DEFAULTS.compression,
        ),
        transactions: text('al3: transactions of a message at most', AL3_SAMPLE_DEFAULTS.transactions),
        faults: text(`al3: what is wrong with files, each in turn: ${AL3_FAULTS.join(', ')}; or all`, 'none'),
        seed: text('The same seed gives the same bytes', SAMPLE_DEFAULTS.seed),
        ...EDGE_OPTIONS,
      })
      .epilogue(
        'Beside the folder: <output>.manifest.json with all counts and places, <output>.schema.yaml (ndjson) for --schema.',
      )
      .example('$0 sample ndjson --output ./in --files 12 --bad 9 --drift', '')
      .example('$0 sample al3 --output ./in --files 100 --faults junk,cut', ''),
  handler: async (flags: Flags) => {
    if (flags['kind'] === 'al3') return makeAl3(context, flags);
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

async function makeAl3(context: CliContext, flags: Flags): Promise<void> {
  const request = parseAl3SampleRequest(flags);
  const { logLevel } = edgeOf({ flags, environment: context.environment, readText: context.readText });
  const manifest = await withObservers(context, { logLevel }, (hooks) =>
    context.operations.sampleAl3(request, hooks),
  );
  if (flags['json'] === true) return context.print(JSON.stringify(manifest));
  const { files, transactions, bytes, faults } = manifest;
  const faulty = Object.values(faults).reduce((sum, count) => sum + count, 0);
  await context.print(
    `${request.output}: ${countOf(files, 'file')}, ${bytesText(bytes)}, ${countOf(transactions, 'transaction')}, ` +
      `${countOf(faulty, 'file')} with a fault\n${request.output}.manifest.json: what is in it, exactly`,
  );
}
