/**
 * The keys that lead from a document to its array of records: dotted (`Records`, `a.b`), or a JSON Pointer (RFC 6901)
 * where it begins with `/`. Undefined where it names no key.
 */
export function parseRecordsPath(text: string): string[] | undefined {
  if (text.startsWith('/')) {
    const tokens = text.slice(1).split('/');
    if (tokens.some((token) => /~(?![01])/.test(token))) return undefined;
    return tokens.map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  }
  const keys = text.split('.');
  return keys.includes('') ? undefined : keys;
}
