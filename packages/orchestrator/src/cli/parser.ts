import { didYouMean } from '@winnow/core';
import yargs, { type Argv } from 'yargs';
import { commands } from './commands/index.ts';
import type { CliContext } from './context.ts';
import { UsageError } from './failure.ts';

const PARSING = {
  'camel-case-expansion': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
};

const NOTES = `Flags beat variables (WINNOW_SOURCE, WINNOW_MAX_QUARANTINED, …) beat the config file beat the defaults.
Exit codes: 0 all well · 1 something failed, was refused or quarantined beyond the limit, the rest is done ·
2 usage or configuration error, nothing was started · 130, 143 interrupted: the same command again goes on.`;

/** Parses the words of the command line and runs the command they name. @throws UsageError */
export async function runCommandLine(
  words: readonly string[],
  version: string,
  context: CliContext,
): Promise<void> {
  const modules = commands(context);
  const names = modules.map(({ command }) => String(command).split(' ')[0] ?? '');
  const parser = yargs([...words])
    .scriptName('winnow')
    .locale('en')
    .parserConfiguration(PARSING)
    .usage('$0 <command>: turns archives into tables and accounts for every record')
    .version(version)
    .help()
    .alias('help', 'h')
    .epilogue(NOTES)
    .wrap(Math.max(60, Math.min(110, context.screen.columns())))
    .exitProcess(false)
    .showHelpOnFail(false)
    .demandCommand(1, 1, 'no command is given', 'give one command')
    .strict();
  modules.forEach((module) => parser.command(module));
  parser.fail((message: string | undefined, error: Error | undefined) => {
    // A failed command, not a failed parse (a YError): `main` tells about it.
    if (error !== undefined && error.name !== 'YError') throw error;
    throw usageError(
      message ?? error?.message ?? 'the command line cannot be read',
      words,
      names,
      optionsOf(parser),
    );
  });
  await parser.parseAsync();
}

/** Long names of the options of the command that was named. */
const optionsOf = (parser: Argv): string[] => {
  const { key } = (parser as unknown as { getOptions(): { key: Record<string, unknown> } }).getOptions();
  return Object.keys(key).filter((name) => name.length > 1);
};

function usageError(
  message: string,
  words: readonly string[],
  commandNames: string[],
  options: string[],
): UsageError {
  const command = words.find((word) => commandNames.includes(word));
  const help = `see winnow ${command === undefined ? '' : `${command} `}--help`;
  const [, bare] = /^Not enough arguments following: (.+)$/.exec(message) ?? [];
  if (bare !== undefined) return new UsageError(`--${bare} needs a value`, { hint: help });
  const [, unknown] = /^Unknown (?:arguments?|commands?): (.+)$/.exec(message) ?? [];
  if (unknown === undefined) return new UsageError(lowered(message), { hint: help });
  const [first = ''] = unknown.split(', ');
  const isFlag = words.some((word) => word.replace(/=.*/s, '') === `--${first}` || word === `-${first}`);
  const meant = didYouMean(first, isFlag ? options : command === undefined ? commandNames : []);
  const listed = isFlag
    ? unknown
        .split(', ')
        .map((name) => `--${name}`)
        .join(', ')
    : unknown;
  const what = isFlag ? 'flag' : command === undefined ? 'command' : 'argument';
  const hint = meant === undefined ? help : `did you mean ${isFlag ? '--' : ''}${meant}?`;
  return new UsageError(`unknown ${what} ${listed}`, { hint });
}

const lowered = (message: string): string =>
  message.trim().replace(/^[A-Z]/, (letter) => letter.toLowerCase());
