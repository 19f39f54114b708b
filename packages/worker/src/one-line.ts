const [LF, CR, SPACE, QUOTE, BACKSLASH] = [0x0a, 0x0d, 0x20, 0x22, 0x5c];

/**
 * Makes a record one line of the same length, in place: elements of arrays may stand on several. `line` ends with a line
 * feed, which stays. The others become what the array's own lines had there: a space, which JSON takes for the same
 * (RFC 8259, section 2); within a string, where it refuses both, a carriage return.
 */
export function asOneLine(line: Buffer): void {
  const last = line.length - 1;
  let at = line.indexOf(LF);
  if (at === last) return;
  let inString = false;
  let from = 0;
  for (; at < last; at = line.indexOf(LF, at + 1)) {
    for (; from < at; from++) {
      if (line[from] === QUOTE) inString = !inString;
      else if (inString && line[from] === BACKSLASH) from++;
    }
    line[at] = inString ? CR : SPACE;
  }
}

/** Whether a line holds white space only, as JSON has it: then there is no record in it. */
export const isBlankLine = (line: Uint8Array): boolean =>
  line.every((byte) => [LF, CR, SPACE, 0x09].includes(byte));
