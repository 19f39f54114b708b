import { ConfigurationError } from '@winnow/core';
import { FIELDS, flagOf, type Field } from './fields.ts';
import type { Layer } from './layers.ts';

/** Flags that may be given again and again. */
const LISTS: readonly Field[] = ['onSuccess', 'onFailure'];

/** The layer of the command line, from parsed flags by their names without dashes in front. */
export function flagLayer(flags: Readonly<Record<string, unknown>>): Layer {
  const values = Object.fromEntries(FIELDS.map((field) => [field, flags[flagOf(field)]]));
  const twice = FIELDS.find((field) => Array.isArray(values[field]) && !LISTS.includes(field));
  if (twice !== undefined)
    throw new ConfigurationError(`--${flagOf(twice)} is given more than once`, { hint: 'give it once' });
  return {
    values,
    nameOf: (field) =>
      FIELDS.filter((known) => known === field).map((known) => `--${flagOf(known)}`)[0] ?? field,
  };
}
