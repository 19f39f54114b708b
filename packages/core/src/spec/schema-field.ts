import type { Column } from '@winnow/kernel';
import { z } from 'zod';
import { readSchema } from '../schema/read-schema.ts';

/** A run's schema where it is given, not inferred. */
export interface Schema {
  readonly columns: readonly Column[];
}

/** Reads `columns: {name: type}` or a JSON Schema; see {@link readSchema}. */
export const schemaField = z.unknown().transform((written, context): Schema => {
  const { columns, problems } = readSchema(written);
  for (const { path, rule, got, hint } of problems)
    context.addIssue({
      code: 'custom',
      message: rule,
      input: written,
      path: [...path],
      params: { got, hint },
    });
  return problems.length === 0 ? { columns } : z.NEVER;
});
