import { SpecError, problemsOf, type NameOf } from './problems.ts';
import { SPEC_FIELDS, specSchema, type Spec, type SpecInput } from './spec.ts';

/**
 * Checks a spec and fills in its defaults. `nameOf` tells how a field is called where the user wrote it.
 *
 * @throws SpecError listing every problem
 */
export function parseSpec(
  input: SpecInput | Readonly<Record<string, unknown>>,
  nameOf: NameOf = (field) => field,
): Spec {
  const parsed = specSchema.safeParse(input);
  if (parsed.success) return deepFreeze(parsed.data);
  throw new SpecError(problemsOf(parsed.error.issues, input, SPEC_FIELDS, nameOf));
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(deepFreeze);
  return value;
}
