/**
 * The keys of a JSON object's text and the raw text of each value, nested ones whole, in order.
 * `text` must be valid JSON and hold an object: this only finds where things begin and end.
 */
export function topLevelFields(text: string): { key: string; raw: string }[] {
  const fields: { key: string; raw: string }[] = [];
  let at = skipSpace(text, text.indexOf('{') + 1);
  while (text[at] !== '}') {
    const keyEnd = stringEnd(text, at);
    const key = JSON.parse(text.slice(at, keyEnd)) as string;
    const start = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = valueEnd(text, start);
    fields.push({ key, raw: text.slice(start, end) });
    at = skipSpace(text, end);
    if (text[at] === ',') at = skipSpace(text, at + 1);
  }
  return fields;
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  SPACE.test(text);
  return SPACE.lastIndex;
}

function stringEnd(text: string, at: number): number {
  STRING.lastIndex = at;
  STRING.test(text);
  return STRING.lastIndex;
}

function valueEnd(text: string, at: number): number {
  const first = text[at];
  if (first === '"') return stringEnd(text, at);
  if (first === '{' || first === '[') return nestedEnd(text, at);
  SCALAR.lastIndex = at;
  SCALAR.test(text);
  return SCALAR.lastIndex;
}

function nestedEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  do {
    UP_TO_BRACKET_OR_QUOTE.lastIndex = at;
    UP_TO_BRACKET_OR_QUOTE.test(text);
    at = UP_TO_BRACKET_OR_QUOTE.lastIndex;
    const c = text[at];
    if (c === '"') {
      at = stringEnd(text, at);
      continue;
    }
    depth += c === '{' || c === '[' ? 1 : -1;
    at++;
  } while (depth > 0);
  return at;
}

const SPACE = /[ \t\r\n]*/y;
const STRING = /"(?:[^"\\]|\\.)*"/y;
const SCALAR = /[^,}\] \t\r\n]*/y;
const UP_TO_BRACKET_OR_QUOTE = /[^"[\]{}]*/y;
