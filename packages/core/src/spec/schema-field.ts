import { REST_COLUMN, type Column, type PlainType } from '@winnow/kernel';
import { z } from 'zod';
import { PLAIN_TYPES } from '../shapes/column.ts';

const TYPES: readonly unknown[] = PLAIN_TYPES;

/**
 * The columns as people write them: `{ name: type, … }`, in this order. A name that is a whole number comes first,
 * whatever its place: JavaScript orders such keys so. (Not `z.record`: it leaves a key `__proto__` out in silence.)
 */
const columns = z.unknown().transform((types, context): readonly Column[] => {
  const refuse = (message: string, path: string[] = []): void =>
    context.addIssue({ code: 'custom', message, input: types, path });
  if (
    typeof types !== 'object' ||
    types === null ||
    Array.isArray(types) ||
    Object.keys(types).length === 0
  ) {
    refuse('must map names of columns to types');
    return z.NEVER;
  }
  const entries = Object.entries(types);
  for (const [name, type] of entries) {
    if (!TYPES.includes(type)) refuse(`must be one of ${PLAIN_TYPES.join(', ')}`, [name]);
    if (name === '') refuse('must not hold an empty name');
    if (name === REST_COLUMN) refuse(`must not hold ${REST_COLUMN}, which keeps what fits no column`);
  }
  return entries.map(([name, type]) => ({ name, type: type as PlainType }));
});

/** A run's schema where it is given, not inferred: `{ columns: { name: type, … } }`. */
export const schemaField = z.strictObject(
  { columns },
  { error: 'must be of the form columns: {name: type}' },
);
export type Schema = z.infer<typeof schemaField>;
