import { Al3Reader, CLI_EXIT, documentText, STARTER_DICTIONARY, type JsonOptions } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { dictionaryOf } from '../../config/dictionary.ts';
import { Al3Text, diagnosticLine } from '../al3-text.ts';
import type { CliContext } from '../context.ts';
import { UsageError } from '../failure.ts';
import { withObservers } from '../observers.ts';
import { AL3_VALUE_OPTIONS, DICTIONARY_OPTIONS, EDGE_OPTIONS, textFlag, type Flags } from '../options.ts';
import { al3ValuesOf } from '../al3-values.ts';
import { edgeOf } from '../../config/load.ts';

/** `winnow inspect FILE.AL3`: what is in one file, as a tree with offsets, or as the JSON document that a run makes of it. */
export const inspectAl3Command = (context: CliContext): CommandModule => ({
  command: '$0 [file]',
  describe: 'Print the groups of an AL3 file as a tree with offsets, and what is wrong with it',
  builder: (yargs: Argv) =>
    yargs
      .positional('file', { type: 'string', describe: 'An AL3 file, plain, gzip or zstd; a path or s3://' })
      .options({ ...DICTIONARY_OPTIONS, ...AL3_VALUE_OPTIONS, ...EDGE_OPTIONS })
      .example('$0 inspect policies.AL3', 'a line for each group and element')
      .example('$0 inspect policies.AL3 --json', 'the document that a run makes of it, bad transactions too'),
  handler: async (flags: Flags) => {
    const source = textFlag(flags, 'file');
    if (source === undefined)
      throw new UsageError('nothing to inspect is named', { hint: 'see winnow inspect --help' });
    const loaded = dictionaryOf(
      { dictionary: textFlag(flags, 'dictionary'), overrides: textFlag(flags, 'overrides') },
      context,
    );
    const values = al3ValuesOf(flags);
    const show = flags['json'] === true ? printDocument : printTree;
    const { logLevel } = edgeOf({ flags, environment: context.environment, readText: context.readText });
    const options = {
      dictionary: loaded?.dictionary ?? STARTER_DICTIONARY,
      pivot: values.centuryPivot,
      decimals: values.decimals,
      raw: values.raw,
      shape: values.jsonShape,
    };
    await withObservers(context, { logLevel }, (hooks) =>
      context.operations.readInput(
        {
          source,
          read: async (chunks) => {
            const isSound = await show(context, chunks, options);
            context.exit(isSound ? CLI_EXIT.ok : CLI_EXIT.incomplete);
          },
        },
        hooks,
      ),
    );
  },
});

/** Prints what there is; returns whether it has no error. */
type Show = (
  context: CliContext,
  chunks: AsyncIterable<Uint8Array>,
  options: JsonOptions,
) => Promise<boolean>;

const printTree: Show = async (context, chunks, options) => {
  const reader = new Al3Reader();
  const text = new Al3Text(options);
  const printed = async (): Promise<void> => {
    const lines = reader.take().flatMap((event) => text.lines(event));
    if (lines.length > 0) await context.print(lines.join('\n'));
  };
  for await (const chunk of chunks) {
    reader.push(chunk);
    await printed();
  }
  reader.end();
  await printed();
  const { diagnostics } = text;
  if (diagnostics.length > 0) await context.print(`\n${diagnostics.map(diagnosticLine).join('\n')}`);
  return diagnostics.every(({ severity }) => severity !== 'error');
};

const printDocument: Show = async (context, chunks, options) => {
  let isSound = true;
  const pieces: string[] = [];
  for await (const piece of documentText(
    chunks,
    options,
    ({ severity }) => (isSound &&= severity !== 'error'),
  ))
    // Line feeds stand between parts of the document only: those in texts are escaped.
    pieces.push(piece.replaceAll('\n', ''));
  await context.print(pieces.join(''));
  return isSound;
};
