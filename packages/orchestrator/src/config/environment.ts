import { FIELDS, variableOf } from './fields.ts';
import type { Layer } from './layers.ts';

/**
 * The layer of the environment: a variable for each field, `WINNOW_SOURCE` for `source`. Other variables that begin
 * with `WINNOW_` are the worker's and are not looked at.
 */
export function environmentLayer(environment: Readonly<Record<string, string | undefined>>): Layer {
  const values = Object.fromEntries(FIELDS.map((field) => [field, environment[variableOf(field)]]));
  return { values, nameOf: (field) => FIELDS.filter((known) => known === field).map(variableOf)[0] ?? field };
}
