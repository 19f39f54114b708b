import { SpecError, type Problem } from '@winnow/core';
import { AL3_FAULTS, type Al3Fault } from './fault.ts';

export const AL3_SAMPLE_DEFAULTS = { files: 6, transactions: 3, seed: 1 } as const;

/** What kind of archive to make. */
export interface Al3SampleRequest {
  readonly kind: 'al3';
  /** The folder to make. */
  readonly output: string;
  readonly files: number;
  /** Good transactions of a file: from one to so many. */
  readonly transactions: number;
  /** A file has one of these, each in turn; none where the list is empty. */
  readonly faults: readonly Al3Fault[];
  readonly seed: number;
}

/** Flags that only samples of other kinds have a use for. */
const FOREIGN = ['records', 'bad', 'drift', 'compression'];

const isFault = (name: string): name is Al3Fault => (AL3_FAULTS as readonly string[]).includes(name);

/** Reads the flags of `winnow sample al3`. @throws SpecError with every problem */
export function parseAl3SampleRequest(flags: Readonly<Record<string, unknown>>): Al3SampleRequest {
  const problems: Problem[] = [];
  const whole = (name: keyof typeof AL3_SAMPLE_DEFAULTS, min: number, max: number): number => {
    const given = flags[name] ?? AL3_SAMPLE_DEFAULTS[name];
    const value = typeof given === 'string' ? given : JSON.stringify(given);
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= min && number <= max))
      problems.push({ message: `--${name} must be a whole number from ${min} to ${max}, got ${value}` });
    return number;
  };
  for (const name of FOREIGN.filter((flag) => flags[flag] !== undefined))
    problems.push({ message: `--${name} must be left out where the kind is al3` });
  const { output } = flags;
  if (typeof output !== 'string' || output === '')
    problems.push({ message: '--output is missing', hint: 'give a folder to make' });
  const faults = faultsOf(flags['faults'], problems);
  const numbers = {
    files: whole('files', 1, 1_000_000),
    transactions: whole('transactions', 1, 100_000),
    seed: whole('seed', 0, 2 ** 32 - 1),
  };
  if (problems.length > 0) throw new SpecError(problems);
  return { kind: 'al3', output: String(output).replace(/(?<=.)\/+$/, ''), ...numbers, faults };
}

function faultsOf(given: unknown, problems: Problem[]): Al3Fault[] {
  if (typeof given !== 'string' || given === '') return [];
  const names = given === 'all' ? [...AL3_FAULTS] : given.split(',').map((name) => name.trim());
  for (const name of names.filter((one) => !isFault(one)))
    problems.push({ message: `--faults must be all, or some of ${AL3_FAULTS.join(', ')}, got ${name}` });
  return names.filter(isFault);
}
