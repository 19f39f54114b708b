import { expect, test } from '@jest/globals';
import { failureCode, failureLines } from '../../src/cli/failure.ts';
import { command } from './command.ts';

test.each<[string, string[], string]>([
  ['no command', [], 'winnow: no command is given: see winnow --help'],
  ['an unknown command', ['rnu'], 'winnow: unknown command rnu: did you mean run?'],
  ['a command nothing is like', ['frobnicate'], 'winnow: unknown command frobnicate: see winnow --help'],
  ['an unknown flag', ['run', '--sorce', 'x'], 'winnow: unknown flag --sorce: did you mean --source?'],
  [
    'an unknown flag with its value',
    ['run', '--max-quarantine=3'],
    'winnow: unknown flag --max-quarantine: did you mean --max-quarantined?',
  ],
  [
    'a flag nothing is like',
    ['run', '--frobnicate'],
    'winnow: unknown flag --frobnicate: see winnow run --help',
  ],
  [
    'a flag of another command',
    ['report', '--memory', '1GiB'],
    'winnow: unknown flag --memory: see winnow report --help',
  ],
  ['a flag without value', ['run', '--source'], 'winnow: --source needs a value: see winnow run --help'],
  [
    'a flag twice',
    ['run', '--source', 'a', '--source', 'b'],
    'winnow: --source is given more than once: give it once',
  ],
  [
    'a word too many',
    ['run', 'more', '--source', 'a'],
    'winnow: unknown argument more: see winnow run --help',
  ],
  ['no source', ['run'], 'winnow: --source is missing: give --source'],
  [
    'no output',
    ['run', '--source', 'a'],
    'winnow: --output is missing: give a folder to write to, or --dry-run',
  ],
  [
    '--append and --resume=false',
    ['run', '--source', 'a', '--output', 'b', '--resume=false', '--append'],
    'winnow: --append must be left out where what the output holds is replaced (--resume=false), got true',
  ],
  [
    'a format of later',
    ['run', '--source', 'a', '--output', 'b', '--format', 'tar.gz'],
    'winnow: --format is not in this release; it has parquet, ndjson, json, csv, got tar.gz',
  ],
  [
    'a log level',
    ['run', '--source', 'a', '--output', 'b', '--log-level', 'loud'],
    'winnow: --log-level must be one of error, warn, info, debug, got loud',
  ],
  [
    'a config file that is not there',
    ['run', '--config', 'none.yaml'],
    'winnow: the config file none.yaml is not there: give a path relative to the working directory',
  ],
  [
    'an address',
    ['run', '--source', 'a', '--output', 'b', '--metrics-addr', 'x'],
    'winnow: --metrics-addr must be PORT or HOST:PORT, got x: give a port, such as 9464',
  ],
  ['no run', ['status'], 'winnow: no output is named: give the output folder of the run'],
  [
    'two runs',
    ['report', 'o/_winnow/0000-a', '--run', '0001-b'],
    'winnow: o/_winnow/0000-a and --run 0001-b name different runs: leave one of them out',
  ],
  ['nothing to inspect', ['inspect'], 'winnow: nothing to inspect is named: see winnow inspect --help'],
  ['no source to inspect', ['inspect', 'schema'], 'winnow: --source is missing: give --source'],
  [
    'a flag that inspect has not',
    ['inspect', 'schema', 'in', '--samples', '3'],
    'winnow: unknown flag --samples: did you mean --sample?',
  ],
  [
    'a sample of no inputs',
    ['inspect', 'schema', 'in', '--sample', '0'],
    'winnow: --sample must be a whole number from 1 to 10000, got 0',
  ],
  ['no output to collect', ['gc'], 'winnow: no output is named: give the output folder of the run'],
  [
    'an age that is none',
    ['gc', 'o', '--older-than', '1w'],
    'winnow: --older-than must be a whole number with s, m, h or d, such as 12h or 7d, got 1w',
  ],
  [
    'one run to collect',
    ['gc', 'o/_winnow/0000-89abcdef'],
    'winnow: gc is for all runs of an output, got the run directory o/_winnow/0000-89abcdef: give o',
  ],
  ['a sample of nothing', ['sample', 'ndjson'], 'winnow: --output is missing: give a folder to make'],
  [
    'a sample of what is not known',
    ['sample', 'csv', '--output', 'x'],
    'winnow: the kind of sample must be ndjson or al3, got csv',
  ],
])('%s', async (_what, words, line) => {
  const { error, printed, told } = await command(words, {});
  expect([failureLines(error, false), failureCode(error), printed, told]).toEqual([[line], 2, [], []]);
});
