/**
 * The entries of a mapping as files and programs give one: a `Map`, which keeps every order, or an object, which puts
 * names that are whole numbers first. Undefined for anything else.
 */
export function entriesOf(value: unknown): [string, unknown][] | undefined {
  if (value instanceof Map) return [...value].map(([key, inner]) => [String(key), inner]);
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Set)
    return undefined;
  return Object.entries(value);
}

/** A mapping to look things up in; a key `__proto__` is a key like any other. */
export function mappingOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  const entries = entriesOf(value);
  return entries && new Map(entries);
}
