/**
 * Where a value stands in a record, step by step: names of keys, `*` for any element of a list and any key of a map.
 */
export type Path = readonly string[];

/**
 * The name of a place as `_rest` and drift counts have it: a top-level key as it is, anything below as JSON Pointer
 * (RFC 6901). A top-level key that begins with `/` is written as a pointer too, so that no name has two meanings.
 */
export function placeName(path: Path): string {
  const [first = ''] = path;
  if (path.length === 1 && !first.startsWith('/')) return first;
  return path.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
