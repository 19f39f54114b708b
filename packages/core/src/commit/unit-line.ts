import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, OPEN_BRACE, QUOTE } from '../json-bytes.ts';

const INPUTS = '"inputs":[';

/**
 * A plan's line as JSON.parse gives it, its inputs parsed one by one: a line of 10,000 inputs is megabytes of text, and
 * a string of that size for each line would be what an orchestrator's memory is mostly full of.
 *
 * @throws SyntaxError where it is not JSON
 */
export function parseUnitLine(line: Buffer): unknown {
  const at = line.indexOf(INPUTS);
  if (at < 0) return JSON.parse(line.toString()) as unknown;
  const first = at + INPUTS.length;
  const inputs: unknown[] = [];
  let start = -1;
  for (let i = first; i < line.length; i++) {
    const byte = line[i];
    if (byte === QUOTE) i = stringEnd(line, i);
    else if (byte === OPEN_BRACE && start < 0) start = i;
    else if (byte === CLOSE_BRACE && start >= 0) {
      inputs.push(JSON.parse(line.toString('utf8', start, i + 1)));
      start = -1;
    } else if (byte === CLOSE_BRACKET && start < 0) {
      const facts = JSON.parse(line.toString('utf8', 0, first) + line.toString('utf8', i)) as object;
      return { ...facts, inputs };
    }
  }
  throw new SyntaxError('its inputs do not end');
}

/** Where the string that begins at `quote` ends. */
function stringEnd(line: Buffer, quote: number): number {
  let at = quote + 1;
  while (at < line.length && line[at] !== QUOTE) at += line[at] === BACKSLASH ? 2 : 1;
  return at;
}
