import { STARTER_DICTIONARY } from '@winnow/core';
import type { Argv, CommandModule } from 'yargs';
import { dictionaryOf } from '../../config/dictionary.ts';
import type { CliContext } from '../context.ts';
import { dictionaryYaml } from '../dictionary-text.ts';
import { UsageError } from '../failure.ts';
import { DICTIONARY_OPTIONS, EDGE_OPTIONS, textFlag, type Flags } from '../options.ts';

/** `winnow inspect dictionary`: what a run reads AL3 by, with all files put in. */
export const inspectDictionaryCommand = (context: CliContext): CommandModule => ({
  command: 'dictionary [group]',
  describe:
    'Print the AL3 dictionary that a run would have, as YAML ready to edit for --dictionary or --overrides',
  builder: (yargs: Argv) =>
    yargs
      .positional('group', { type: 'string', describe: 'Of this group only, such as 5BPI' })
      .options({ ...DICTIONARY_OPTIONS, json: EDGE_OPTIONS.json })
      .example('$0 inspect dictionary 6TTI > overrides.yaml', 'one group, to be changed'),
  handler: async (flags: Flags) => {
    const group = textFlag(flags, 'group');
    const files = { dictionary: textFlag(flags, 'dictionary'), overrides: textFlag(flags, 'overrides') };
    const loaded = dictionaryOf(files, context) ?? { dictionary: STARTER_DICTIONARY, gaps: [] };
    if (group !== undefined && !loaded.dictionary.has(group))
      throw new UsageError(`the dictionary has no group ${group}`, {
        hint: `it has ${[...loaded.dictionary.keys()].join(', ')}`,
      });
    const layouts = [...loaded.dictionary.values()].filter(
      (one) => group === undefined || one.group === group,
    );
    await context.print(
      flags['json'] === true
        ? JSON.stringify({ groups: layouts, gaps: loaded.gaps })
        : dictionaryYaml(loaded, group),
    );
  },
});
