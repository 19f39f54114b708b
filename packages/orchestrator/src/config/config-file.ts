import { ConfigurationError, parseOrderedYaml, parseYaml } from '@winnow/core';
import { fieldOfKey } from './fields.ts';
import type { Layer } from './layers.ts';

/** The layer of a YAML (or JSON) file, whose keys are in camelCase or snake_case. */
export function configFileLayer(text: string, file: string): Layer {
  const written = parsed(text, file);
  const keyOf = new Map<string, string>();
  for (const key of Object.keys(written)) {
    const twin = keyOf.get(fieldOfKey(key));
    if (twin !== undefined)
      throw new ConfigurationError(`${file} gives ${twin} and ${key}, which are the same`, {
        hint: 'keep one of them',
      });
    keyOf.set(fieldOfKey(key), key);
  }
  const values = Object.fromEntries(Object.entries(written).map(([key, value]) => [fieldOfKey(key), value]));
  return { values, nameOf: (field) => `${keyOf.get(field) ?? field} in ${file}` };
}

function parsed(text: string, file: string): Record<string, unknown> {
  const hint = 'write a key: value a line';
  const what = `the config file ${file}`;
  const value = parseYaml(text, what, hint);
  if (value === null || value === undefined) return {};
  if (typeof value === 'object' && !Array.isArray(value))
    return { ...value, ...orderedSchema(value, parseOrderedYaml(text, what, hint)) };
  throw new ConfigurationError(`the config file ${file} holds no keys`, { hint });
}

/** A schema that stands in the file, with its columns in the order of the file. */
function orderedSchema(value: object, ordered: unknown): { schema?: unknown } {
  if (!('schema' in value) || typeof value.schema !== 'object') return {};
  return { schema: ordered instanceof Map ? ordered.get('schema') : value.schema };
}
