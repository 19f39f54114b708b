/**
 * The JSON texts (RFC 8259) that stand one behind the other in a text, white space between them or none; undefined
 * where something else stands there too. A parser for tests: it shares nothing with the kernel.
 */
export function jsonTexts(text: string): unknown[] | undefined {
  const values: unknown[] = [];
  for (let at = skip(text, 0); at < text.length;) {
    const end = valueEnd(text, at);
    if (end === undefined) return undefined;
    try {
      values.push(JSON.parse(text.slice(at, end)));
    } catch {
      return undefined;
    }
    at = skip(text, end);
  }
  return values;
}

const skip = (text: string, from: number): number => {
  let at = from;
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at++;
  return at;
};

/** Of an array or object: the shortest text from its bracket on that is balanced outside strings. */
function valueEnd(text: string, start: number): number | undefined {
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at++) {
    const c = text[at];
    if (inString) {
      if (c === '\\') at++;
      else if (c === '"') inString = false;
    } else if (c === '"') inString = true;
    else if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth--;
    if (depth <= 0) return depth === 0 && at > start ? at + 1 : undefined;
  }
  return undefined;
}
