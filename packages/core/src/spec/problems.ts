import type { z } from 'zod';
import { ConfigurationError } from '../errors.ts';
import { didYouMean } from './did-you-mean.ts';

/** One thing that is wrong with a spec. */
export interface Problem {
  /** Names the field, the rule and the value. */
  readonly message: string;
  readonly hint?: string;
}

/** Thrown when a spec breaks rules: all that it breaks, not only the first. */
export class SpecError extends ConfigurationError {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('\n'));
    this.problems = problems;
  }
}

const SHOWN_CHARACTERS = 80;

function shown(value: unknown): string {
  const text = typeof value === 'string' && value !== '' ? value : jsonText(value);
  return text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text;
}

/** Maps as objects; YAML can write a value that holds itself. */
function jsonText(value: unknown): string {
  try {
    const text = JSON.stringify(value, (_key, inner: unknown) =>
      inner instanceof Map ? objectOf(inner) : inner,
    ) as string | undefined;
    return text ?? 'nothing';
  } catch {
    return 'a value that holds itself';
  }
}

const objectOf = (map: ReadonlyMap<unknown, unknown>): object =>
  Object.fromEntries([...map].map(([key, value]) => [String(key), value]));

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined),
    value,
  );
}

/** How a field is called where the user wrote it: `--memory`, `WINNOW_MEMORY`, `memory in job.yaml`. */
export type NameOf = (field: string) => string;

/** A line for each issue that zod found in `input`. */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  input: unknown,
  known: readonly string[],
  nameOf: NameOf,
): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    const [field = '', ...inner] = issue.path.map(String);
    if (issue.code === 'unrecognized_keys' && issue.path.length === 0)
      return issue.keys.map((key) => unknownKey(key, known, nameOf));
    const name = [field === '' ? 'the spec' : nameOf(field), ...inner].join('.');
    const value = valueAt(input, issue.path);
    if (value === undefined && issue.path.length === 1)
      return [{ message: `${name} is missing`, hint: `give ${name}` }];
    if (issue.code === 'custom' && issue.params !== undefined)
      return [toldProblem(name, issue.message, issue.params)];
    const rule = issue.message.startsWith('Invalid')
      ? `must be written differently (${issue.message})`
      : issue.message;
    return [{ message: `${name} ${rule}, got ${shown(value)}` }];
  });
}

/** What a field of its own grammar tells: the value that breaks the rule, where one does, and what to do. */
function toldProblem(name: string, rule: string, { got, hint }: Readonly<Record<string, unknown>>): Problem {
  const value = typeof got === 'object' && got !== null && 'value' in got ? `, got ${shown(got.value)}` : '';
  return { message: `${name} ${rule}${value}`, ...(typeof hint === 'string' ? { hint } : {}) };
}

function unknownKey(key: string, known: readonly string[], nameOf: NameOf): Problem {
  const meant = didYouMean(key, known);
  return {
    message: `unknown key ${nameOf(key)}`,
    hint: meant === undefined ? `known keys are ${known.join(', ')}` : `did you mean ${meant}?`,
  };
}
