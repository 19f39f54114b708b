import { ConfigurationError, inspectSchema, WinnowError, type SchemaInspection } from '@winnow/core';
import { openInputs, type Opening } from '../run/place.ts';
import type { Hooks, InspectSchemaRequest } from './operations.ts';

/** How many inputs that cannot be read are named. */
const MAX_NAMED = 5;

/**
 * Samples the source and infers its schema, or holds the given one against it.
 *
 * @throws ConfigurationError where there is nothing to infer from
 */
export async function inspectSourceSchema(
  { spec, sampledInputs }: InspectSchemaRequest,
  { openStorage }: Pick<Opening, 'openStorage'>,
  hooks: Hooks,
): Promise<SchemaInspection> {
  const source = await openInputs(spec, { cwd: hooks.cwd, openStorage });
  const inspection = await inspectSchema({
    storage: source.storage,
    inputs: source.list(),
    sampledInputs,
    recordsPath: spec.recordsPath,
    columns: spec.schema?.columns,
    maxRecordBytes: spec.maxRecordBytes,
    signal: hooks.signal,
  });
  const { inputs, columns } = inspection;
  const unread = unreadableText(inputs.unreadable);
  if (unread !== undefined && inputs.sampled === 0)
    throw new WinnowError(`${source.description}: ${unread}`, { hint: 'check their permissions' });
  if (columns.length === 0)
    throw new ConfigurationError(
      `${source.description}: none of ${inspection.records} sampled records has a key, there is no schema to infer`,
      { hint: 'records are JSON objects, one a line' },
    );
  if (unread !== undefined) hooks.onEvent({ kind: 'warning', message: unread });
  return inspection;
}

function unreadableText(keys: readonly string[]): string | undefined {
  if (keys.length === 0) return undefined;
  const named = keys.slice(0, MAX_NAMED).join(', ');
  const more = keys.length > MAX_NAMED ? ` and ${keys.length - MAX_NAMED} more` : '';
  return `these inputs could not be read: ${named}${more}`;
}
